import { type Expression, sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { bookingError } from '../errors.ts'
import { contactMerged, contactUpdated } from '../events.ts'
import { contactSchema, LONGEST_NOTES, MOST_TAGS, mergeSchema } from './schema.ts'

/** Addresses of one person beside the first. */
const MOST_MERGED = 19

/** Tags and private notes of a contact. @param id of one of its attendees. @throws invalid_input, contact_not_found */
export async function updateContact(ctx: Ctx, id: number, input: unknown): Promise<void> {
  const scope = userScope(ctx)
  const { tags, notes } = parseInput(contactSchema, input)
  await transaction(ctx.db, async (tx) => {
    const { id: contactId } = await lockContact(tx, ctx, scope, await emailOf(tx, scope, id))
    await write(tx, ctx, contactId, { tags, notes })
    await emit(tx, ctx, contactUpdated, { contactId })
  })
}

/**
 * Makes the contact with another address part of this one: history, tags and notes are theirs together from then on.
 * @param id of one of the attendees of the contact that remains.
 * @throws invalid_input, contact_not_found, already_merged, contact_too_large
 */
export async function mergeContact(ctx: Ctx, id: number, input: unknown): Promise<{ email: string }> {
  const scope = userScope(ctx)
  const { email } = parseInput(mergeSchema, input)
  return transaction(ctx.db, async (tx) => {
    await lockMerging(tx, scope)
    const into = await lockContact(tx, ctx, scope, await emailOf(tx, scope, id))
    await requireAttendee(tx, scope, email)
    const other = await lockContact(tx, ctx, scope, email)
    if (into.id === other.id) throw bookingError('already_merged')
    const added = other.tags.filter((tag) => !into.tags.includes(tag))
    const notes = [into.notes, other.notes].filter((text) => text !== '').join('\n\n')
    const addresses = await countMerged(tx, [into.id, other.id])
    const large = into.tags.length + added.length > MOST_TAGS || notes.length > LONGEST_NOTES
    if (large || addresses >= MOST_MERGED) throw bookingError('contact_too_large')
    await write(tx, ctx, into.id, { tags: [...into.tags, ...added], notes })
    const merged = JSON.stringify({ tags: added, before: into.notes, after: notes } satisfies Merged)
    // Whoever led to the other leads here now: one step is enough to find somebody.
    await tx.updateTable('contacts').set({ merged_into: into.id }).where('merged_into', '=', other.id).execute()
    await tx.updateTable('contacts').set({ merged_into: into.id, merged }).where('id', '=', other.id).execute()
    await emit(tx, ctx, contactMerged, { contactId: other.id, intoId: into.id, change: 'merged' as const })
    return { email: other.email }
  })
}

/** What merging changed about the contact that remained. */
interface Merged {
  tags: string[]
  before: string
  after: string
}

/**
 * Takes an address out of a contact again, with the tags and notes it had. What was changed since then stays with the contact.
 * @throws invalid_input, contact_not_found, not_merged
 */
export async function separateContact(ctx: Ctx, id: number, input: unknown): Promise<{ email: string }> {
  const scope = userScope(ctx)
  const { email } = parseInput(mergeSchema, input)
  return transaction(ctx.db, async (tx) => {
    await lockMerging(tx, scope)
    const from = await lockContact(tx, ctx, scope, await emailOf(tx, scope, id))
    const parts = await tx
      .selectFrom('contacts')
      .where('merged_into', '=', from.id)
      .select(['id', 'email', 'tags', 'merged'])
      .execute()
    const part = parts.find((one) => one.email === email)
    if (!part) throw bookingError('not_merged')
    const { tags: added, before, after } = part.merged as Merged
    const others = parts.filter((one) => one !== part).flatMap(({ tags }) => tags)
    const tags = from.tags.filter((tag) => !added.includes(tag) || others.includes(tag))
    await write(tx, ctx, from.id, { tags, notes: from.notes === after ? before : from.notes })
    await tx.updateTable('contacts').set({ merged_into: null, merged: null }).where('id', '=', part.id).execute()
    await emit(tx, ctx, contactMerged, { contactId: part.id, intoId: from.id, change: 'separated' as const })
    return { email }
  })
}

/** Two that are merged into each other at once would wait in a knot, or both vanish. */
async function lockMerging(tx: Tx, { userId }: UserScope): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('contacts:' || ${userId}::int8, 0))`.execute(tx)
}

async function emailOf(tx: Tx, { userId }: UserScope, id: number): Promise<string> {
  const row = await tx
    .selectFrom('attendees')
    .where('id', '=', id)
    .where('host_id', '=', userId)
    // Who was forgotten has none.
    .where('email', '!=', '')
    .select('email')
    .executeTakeFirst()
  if (!row) throw bookingError('contact_not_found')
  return row.email
}

async function requireAttendee(tx: Tx, { userId }: UserScope, email: string): Promise<void> {
  const row = await tx
    .selectFrom('attendees')
    .where('host_id', '=', userId)
    .where('email', '=', email)
    .select('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) throw bookingError('contact_not_found')
}

interface LockedContact {
  id: number
  email: string
  tags: string[]
  notes: string
}

/** The row that keeps what is known of who has this address, made if need be; nobody else changes it until the transaction ends. */
async function lockContact(tx: Tx, ctx: Ctx, { userId }: UserScope, email: string): Promise<LockedContact> {
  await tx
    .insertInto('contacts')
    .values({ user_id: userId, email, updated_at: ctx.clock.now() })
    .onConflict((conflict) => conflict.columns(['user_id', 'email']).doNothing())
    .execute()
  return tx
    .selectFrom('contacts')
    .where('user_id', '=', userId)
    .where(
      'id',
      '=',
      sql<number>`(select coalesce(c.merged_into, c.id) from contacts c where c.user_id = ${userId} and c.email = ${email})`,
    )
    .select(['id', 'email', 'tags', 'notes'])
    .forUpdate()
    .executeTakeFirstOrThrow()
}

async function write(tx: Tx, ctx: Ctx, id: number, { tags, notes }: { tags: string[]; notes: string }): Promise<void> {
  const list: Expression<string[]> = sql<string[]>`${tags}::text[]`
  await tx
    .updateTable('contacts')
    .set({ tags: list, notes, updated_at: ctx.clock.now() })
    .where('id', '=', id)
    .execute()
}

async function countMerged(tx: Tx, ids: readonly number[]): Promise<number> {
  const { count } = await tx
    .selectFrom('contacts')
    .where('merged_into', 'in', ids)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
