import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'
import type { UserScope } from '#platform/scope.ts'

export interface DeletionPreview {
  /** Bookings that would be called off. */
  ahead: number
  bookings: number
  eventTypes: number
  /** Others need an owner, and there is no other. */
  soleOwner: boolean
}

/** What leaving would mean. */
export async function previewDeletion(db: Db, { userId }: UserScope, now: Temporal.Instant): Promise<DeletionPreview> {
  const { rows } = await sql<{ ahead: number; bookings: number; eventTypes: number }>`
    select (select count(*) from bookings b where ${isAhead(userId, now)}) as ahead,
      (select count(*) from bookings where host_id = ${userId}) as bookings,
      (select count(*) from event_types where user_id = ${userId}) as "eventTypes"`.execute(db)
  const [row] = rows
  if (!row) throw new Error('no row')
  return { ...row, soleOwner: await isSoleOwner(db, userId) }
}

/** What takes the time of somebody, be it as the first host or another, and is neither over nor called off; `b` is the booking. */
function isAhead(userId: number, now: Temporal.Instant) {
  return sql`b.status in ('pending', 'accepted') and b.ends_at > ${now} and (b.host_id = ${userId}
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
