import { createQueryId, type KyselyPlugin, type RootOperationNode } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import type { TestDatabase } from './database.ts'

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Plans?: PlanNode[]
}

export interface Plan {
  /** Statements that were sent. */
  statements: number
  /** Indexes that PostgreSQL means to use, in order of the alphabet. */
  indexes: string[]
  /** Tables that it means to read from end to end. */
  scanned: string[]
}

/** What PostgreSQL means to do for the statements of a query function, which is run once to see them. */
export async function planOf({ db, pool }: TestDatabase, run: (db: Db) => Promise<unknown>): Promise<Plan> {
  const sent: RootOperationNode[] = []
  const watch: KyselyPlugin = {
    transformQuery({ node }) {
      sent.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  await run(db.withPlugin(watch))
  const nodes: PlanNode[] = []
  for (const node of sent) {
    const { sql, parameters } = db.getExecutor().compileQuery(node, createQueryId())
    const { rows } = await pool.query(`explain (format json) ${sql}`, [...parameters])
    for (const { Plan } of rows[0]['QUERY PLAN']) nodes.push(...flat(Plan))
  }
  const names = (all: (string | undefined)[]) => [...new Set(all.filter((name) => name !== undefined))].sort()
  return {
    statements: sent.length,
    indexes: names(nodes.map((node) => node['Index Name'])),
    scanned: names(nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'])),
  }
}

function flat(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)]
}
