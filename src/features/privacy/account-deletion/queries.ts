import { type RawBuilder, sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'
import type { UserScope } from '#platform/scope.ts'

/** Nobody who has more needs to know how many exactly. The messages `privacy.leave_*` know this number, too. */
const MOST_COUNTED = 1000

export interface DeletionPreview {
  /** Bookings that would be called off. Like the others, one more than are counted stands for many. */
  ahead: number
  bookings: number
  eventTypes: number
  /** Others need an owner, and there is no other. */
  soleOwner: boolean
}

/** What leaving would mean. Reads no more than it counts, however much there is. */
export async function previewDeletion(db: Db, { userId }: UserScope, now: Temporal.Instant): Promise<DeletionPreview> {
  const most = MOST_COUNTED + 1
  const counted = (rows: RawBuilder<unknown>) => sql`(select count(*) from (${rows} limit ${most}) x)`
  const own = sql`select b.id from bookings b where b.host_id = ${userId}`
  const shared = sql`select b.id from co_hosts c join bookings b on b.id = c.booking_id
    where c.host_id = ${userId} and b.host_id <> ${userId}`
  // In the order of the index, which is walked from now on; otherwise years of what is over may come first.
  const soonest = (rows: RawBuilder<unknown>) => sql`${rows} and ${standsAhead(now)} order by b.ends_at limit ${most}`
  const { rows } = await sql<{ ahead: number; bookings: number; eventTypes: number }>`
    select ${counted(sql`(${soonest(own)}) union all (${soonest(shared)})`)} as ahead,
      ${counted(own)} as bookings,
      ${counted(sql`select from event_types where user_id = ${userId}`)} as "eventTypes"`.execute(db)
  const [row] = rows
  if (!row) throw new Error('no row')
  return { ...row, soleOwner: await isSoleOwner(db, userId) }
}

/** Of a booking `b`: neither over nor called off. */
function standsAhead(now: Temporal.Instant) {
  return sql`b.status in ('pending', 'accepted') and b.ends_at > ${now}`
}

/** What takes the time of somebody, be it as the first host or another; `b` is the booking. */
function isAhead(userId: number, now: Temporal.Instant) {
  return sql`${standsAhead(now)} and (b.host_id = ${userId}
    or b.id in (select c.booking_id from co_hosts c where c.host_id = ${userId}))`
}

/** Uids of it, soonest first. */
export async function aheadOf(tx: Tx, userId: number, now: Temporal.Instant): Promise<{ uid: string }[]> {
  const { rows } = await sql<{ uid: string }>`
    select b.uid from bookings b where ${isAhead(userId, now)} order by b.starts_at, b.id`.execute(tx)
  return rows
}

/** Whether others who stay would be left without an owner. */
export async function isSoleOwner(db: Db | Tx, userId: number): Promise<boolean> {
  const { rows } = await sql<{ sole: boolean }>`
    with staying as (
      select id, role from users u where id <> ${userId} and not exists (select from account_deletions d where d.user_id = u.id))
    select exists (select from users where id = ${userId} and role = 'owner') and exists (select from staying)
      and not exists (select from staying where role = 'owner') as sole`.execute(db)
  return rows[0]?.sole ?? false
}
