import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'
import type { UserScope } from '#platform/scope.ts'
import { bookingError } from '../errors.ts'
import { type BlockKind, blocksOf } from './schema.ts'

export interface Block {
  id: number
  kind: BlockKind
  value: string
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
    .select(['id', 'kind', 'value', 'created_at'])
    .orderBy('id', 'desc')
    .limit(PAGE + 1)
    .execute()
  const blocks = rows.slice(0, PAGE).map(({ created_at, ...row }) => ({ ...row, since: created_at.toString() }))
  return { blocks, next: rows.length > PAGE ? (blocks.at(-1)?.id ?? null) : null }
}

/** What shuts this address out of the pages of a host, or of any of several; null when nothing does. */
export async function blockOf(
  db: Db,
  hostIds: number | readonly number[],
  email: string,
): Promise<{ id: number; kind: BlockKind } | null> {
  const { emails, domains } = blocksOf(email)
  const row = await db
    .selectFrom('booker_blocks')
    .where('user_id', 'in', [hostIds].flat())
    .where((eb) =>
      eb.or([
        eb.and([eb('kind', '=', 'email'), eb('value', 'in', emails)]),
        eb.and([eb('kind', '=', 'domain'), eb('value', 'in', domains)]),
      ]),
    )
    .select(['id', 'kind'])
    .orderBy('kind', 'desc')
    .executeTakeFirst()
  return row ?? null
}

/**
 * Refuses with a sentence that is the same for everybody and names no reason, rather than pretending that something was booked: a
 * person who was shut out by mistake, or with a whole domain, would wait for a meeting that nobody knows of. Who was meant learns
 * nothing more from it than from a pretence, which every second try unmasks.
 * @throws booking_refused
 */
export async function requireUnblocked(tx: Tx, hostIds: readonly number[], email: string): Promise<void> {
  if (await blockOf(tx, hostIds, email)) throw bookingError('booking_refused')
}
