import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { deriveKey } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'
import type { UserScope } from '#platform/scope.ts'
import type { Erasure, ErasureCounts } from './types.ts'

/** The same for the same address on this instance, and of no use without its secret. */
export function addressHash({ config }: Pick<Ctx, 'config'>, userId: number, email: string): Buffer {
  return createHmac('sha256', deriveKey(config.secret, 'erasures')).update(`${userId}\n${email}`).digest()
}

const PAGE = 25

/** A page of a host's log, latest first. @param after id of the last entry of the page before */
export async function listErasures(
  db: Db,
  { userId }: UserScope,
  after: string | null,
): Promise<{ erasures: Erasure[]; next: string | null }> {
  let query = db
    .selectFrom('erasures')
    .where('user_id', '=', userId)
    .select(['id', 'kind', 'address_hash', 'before', 'counts', 'requested_at', 'done_at'])
    // They are made in the order of time.
    .orderBy('id', 'desc')
    .limit(PAGE + 1)
  if (after !== null) query = query.where('id', '<', after)
  const rows = await query.execute()
  const erasures = rows.slice(0, PAGE).map((row) => ({
    ...{ id: row.id, kind: row.kind, counts: row.counts as ErasureCounts },
    mark: row.address_hash?.toString('hex').slice(0, 16) ?? null,
    before: row.before?.toString() ?? null,
    requestedAt: row.requested_at.toString(),
    doneAt: row.done_at?.toString() ?? null,
  }))
  return { erasures, next: rows.length > PAGE ? (erasures.at(-1)?.id ?? null) : null }
}

/** When an address was forgotten last; null: never. */
export async function erasedBefore(
  ctx: Pick<Ctx, 'db' | 'config'>,
  { userId }: UserScope,
  email: string,
): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('erasures')
    .where('user_id', '=', userId)
    .where('address_hash', '=', addressHash(ctx, userId, email))
    .where('done_at', 'is not', null)
    .select('done_at')
    .orderBy('requested_at', 'desc')
    .executeTakeFirst()
  return row?.done_at?.toString() ?? null
}

/** An address and those of the same person, as far as the host has put them together. */
export async function addressesOf(db: Db | Tx, userId: number, email: string): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    with root as (select coalesce(c.merged_into, c.id) as id from contacts c where c.user_id = ${userId} and c.email = ${email})
    select c.email from contacts c join root on root.id in (c.id, c.merged_into) where c.email <> ${email} order by c.email
  `.execute(db)
  return [email, ...rows.map((row) => row.email)]
}

export interface Ahead {
  /** Of the booking, or of the seat in it. */
  uid: string
  bookingId: number
}

/** What somebody has booked of a host that is neither over nor called off, soonest first. */
export async function bookedAhead(
  tx: Tx,
  { userId, emails, now }: { userId: number; emails: readonly string[]; now: Temporal.Instant },
): Promise<Ahead[]> {
  const { rows } = await sql<Ahead>`
    select coalesce(a.seat_uid, b.uid) as uid, b.id as "bookingId"
    from attendees a join bookings b on b.id = a.booking_id
    where a.host_id = ${userId} and a.email = any(${[...emails]}::text[]) and a.kind = 'booker' and a.cancelled_at is null
      and b.status in ('pending', 'accepted') and b.ends_at > ${now}
    order by b.starts_at, b.id`.execute(tx)
  return rows
}

/**
 * Addresses of people whose last booking, by whichever of their addresses, ended before a moment, in the order of the alphabet after one of them. So many are looked at, however many
 * of them are meant.
 * @returns `next`: where to go on; null at the end
 */
export async function lastBookedBefore(
  db: Db | Tx,
  { userId, before, after, most }: { userId: number; before: Temporal.Instant; after: string; most: number },
): Promise<{ emails: string[]; next: string | null }> {
  const { rows } = await sql<{ email: string; due: boolean }>`
    with page as (
      select a.email from attendees a where a.host_id = ${userId} and a.email > ${after}
      group by a.email order by a.email limit ${most})
    select p.email, (select max(b.ends_at) from attendees a join bookings b on b.id = a.booking_id
      where a.host_id = ${userId} and (a.email = p.email or a.email in (
        select m.email from contacts c join contacts m on m.id = coalesce(c.merged_into, c.id)
          or m.merged_into = coalesce(c.merged_into, c.id)
        where c.user_id = ${userId} and c.email = p.email))) < ${before} as due
    from page p order by p.email`.execute(db)
  const emails = rows.filter(({ due }) => due).map(({ email }) => email)
  return { emails, next: rows.length === most ? (rows.at(-1)?.email ?? null) : null }
}

const AT_ONCE = 1000

/** The same, page after page until the end. */
export async function* everybodyLastBookedBefore(
  db: Db,
  userId: number,
  before: Temporal.Instant,
): AsyncGenerator<string[]> {
  for (let after: string | null = ''; after !== null; ) {
    const page: { emails: string[]; next: string | null } = await lastBookedBefore(db, {
      ...{ userId, before, after, most: AT_ONCE },
    })
    yield page.emails
    after = page.next
  }
}

/** How many addresses were last booked before a moment. */
export async function countLastBookedBefore(db: Db, { userId }: UserScope, before: Temporal.Instant): Promise<number> {
  let count = 0
  for await (const { length } of everybodyLastBookedBefore(db, userId, before)) count += length
  return count
}

/**
 * Whether those who are called off have been told: deliveries that say so have been planned of each subject since, and none is still on
 * its way.
 */
export async function areTold(tx: Tx, subjects: readonly string[], since: Temporal.Instant): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    select exists (
      select from unnest(${[...subjects]}::text[]) s
      where not exists (select from deliveries d where d.subject = s and d.created_at >= ${since} and d.topic like 'booking.%cancelled')
        or exists (select from deliveries d where d.subject = s and d.state in ('waiting', 'sending'))) as open`.execute(
    tx,
  )
  return !rows[0]?.open
}
