import { type CompiledQuery, createQueryId, type KyselyPlugin, type RootOperationNode } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import type { TestDatabase } from './database.ts'

export interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  /** With `analyze`; rows are averages over the loops. */
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
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
export async function planOf(database: TestDatabase, run: (db: Db) => Promise<unknown>): Promise<Plan> {
  const plans = await explained(database, run, 'format json')
  const nodes = plans.flatMap(flat)
  const names = (all: (string | undefined)[]) => [...new Set(all.filter((name) => name !== undefined))].sort()
  return {
    statements: plans.length,
    indexes: names(nodes.map((node) => node['Index Name'])),
    scanned: names(nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'])),
  }
}

/** Rows that PostgreSQL fetches from tables for all statements of a query function, those included that it then throws away. */
export async function rowsReadBy(database: TestDatabase, run: (db: Db) => Promise<unknown>): Promise<number> {
  const plans = await explained(database, run, 'analyze, format json')
  return plans.map(rowsRead).reduce((sum, rows) => sum + rows, 0)
}

/** Of a plan that was executed: by all nodes that read a table. */
export function rowsRead(plan: PlanNode): number {
  const rows = flat(plan)
    .filter((node) => node['Relation Name'] !== undefined)
    .map((node) => {
      const { 'Actual Rows': kept = 0, 'Actual Loops': loops = 0 } = node
      return (kept + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * loops
    })
  return Math.round(rows.reduce((sum, one) => sum + one, 0))
}

async function explained(
  { db, pool }: TestDatabase,
  run: (db: Db) => Promise<unknown>,
  how: string,
): Promise<PlanNode[]> {
  const sent: (RootOperationNode | CompiledQuery)[] = []
  const watch: KyselyPlugin = {
    transformQuery({ node }) {
      sent.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const watched = db.withPlugin(watch)
  // What is compiled already is asked of the database itself, and passes no plugin on its way.
  watched.executeQuery = (query) => {
    const compiled = 'compile' in query ? query.compile() : query
    sent.push(compiled)
    return db.executeQuery(compiled)
  }
  await run(watched)
  const plans: PlanNode[] = []
  for (const one of sent) {
    const { sql, parameters } = 'sql' in one ? one : db.getExecutor().compileQuery(one, createQueryId())
    const { rows } = await pool.query(`explain (${how}) ${sql}`, [...parameters])
    for (const { Plan } of rows[0]['QUERY PLAN']) plans.push(Plan)
  }
  return plans
}

function flat(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)]
}
