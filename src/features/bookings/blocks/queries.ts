import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { type BlockAnswer, type BlockKind, blocksOf } from './schema.ts'

export interface Block {
  id: number
  kind: BlockKind
  value: string
  answer: BlockAnswer
  /** How often they tried to book since, and when the last time (RFC 3339). */
  attempts: number
  last: string | null
  /** RFC 3339. */
  since: string
}

const PAGE = 50

/** A page of those a host has shut out, latest first. */
export async function listBlocks(
  db: Db,
  { userId }: UserScope,
  after: number | null,
): Promise<{ blocks: Block[]; next: number | null }> {
  const rows = await db
    .selectFrom('booker_blocks')
    .where('user_id', '=', userId)
    .$if(after !== null, (query) => query.where('id', '<', after ?? 0))
    .select(['id', 'kind', 'value', 'answer', 'attempts', 'last_attempt_at', 'created_at'])
    .orderBy('id', 'desc')
    .limit(PAGE + 1)
    .execute()
  const blocks = rows.slice(0, PAGE).map(({ created_at, last_attempt_at, ...row }) => ({
    ...row,
    ...{ since: created_at.toString(), last: last_attempt_at?.toString() ?? null },
  }))
  return { blocks, next: rows.length > PAGE ? (blocks.at(-1)?.id ?? null) : null }
}

/** What shuts an address out. */
export type BlockFound = { id: number; kind: BlockKind; answer: BlockAnswer }

/** What shuts this address out of the pages of a host, or of any of several; null when nothing does. */
export async function blockOf(db: Db, hostIds: number | readonly number[], email: string): Promise<BlockFound | null> {
  const row = await blocksAgainst(db, hostIds, email).executeTakeFirst()
  return row ?? null
}

/** The first row is it; for a statement that asks for more than that. */
export function blocksAgainst(db: Db, hostIds: number | readonly number[], email: string) {
  const { emails, domains } = blocksOf(email)
  return (
    db
      .selectFrom('booker_blocks')
      .where('user_id', 'in', [hostIds].flat())
      .where((eb) =>
        eb.or([
          eb.and([eb('kind', '=', 'email'), eb('value', 'in', emails)]),
          eb.and([eb('kind', '=', 'domain'), eb('value', 'in', domains)]),
        ]),
      )
      .select(['id', 'kind', 'answer'])
      // An address before its domain, and of several hosts whoever refuses.
      .orderBy('kind', 'desc')
      .orderBy('answer', 'desc')
      .limit(1)
  )
}
