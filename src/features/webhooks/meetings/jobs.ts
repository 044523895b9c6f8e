import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { TIMED } from '../rules.ts'

const EVERY_SECONDS = 15
/** What began or ended while no worker ran is told of this long. */
const LOOK_BACK = { hours: 24 }
/** Nothing lasts longer than a day. */
const LONGEST = { hours: 49 }
const MOST_AT_ONCE = 500

/**
 * Tells of meetings that begin and end. It looks at the bookings as they are now, so that nothing has to be planned ahead, moved along
 * or taken back; several workers do it one after the other.
 */
export const meetingTimes: PeriodicWork = { name: 'webhooks.meetings', everySeconds: EVERY_SECONDS, run: tellTimes }

export async function tellTimes(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now()
  const [since, from] = [now.subtract(LOOK_BACK), now.subtract(LONGEST)]
  await ctx.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('webhooks.meetings', 0))`.execute(tx)
    const { rows } = await sql<{ booking_id: number; webhook_id: number; topic: string; version: number }>`
      select b.id as booking_id, w.id as webhook_id, t.topic,
        (select coalesce(max(v.position), 0) from events v where v.subject = 'booking:' || b.id) as version
      from webhooks w
      join unnest(${[...TIMED]}::text[]) as t (topic) on t.topic = any(w.triggers)
      join lateral (
        select o.id, o.starts_at, o.ends_at, o.event_type_id, o.status from bookings o
        where o.host_id = w.user_id and o.starts_at between ${from}::timestamptz and ${now}::timestamptz
        union
        select o.id, o.starts_at, o.ends_at, o.event_type_id, o.status from co_hosts c join bookings o on o.id = c.booking_id
        where c.host_id = w.user_id and o.starts_at between ${from}::timestamptz and ${now}::timestamptz
      ) b on b.status = 'accepted' and (w.event_type_id is null or w.event_type_id = b.event_type_id)
      cross join lateral (
        select case t.topic when 'MEETING_STARTED' then b.starts_at else b.ends_at end as moment
      ) m
      where w.active and m.moment <= ${now}::timestamptz and m.moment > ${since}::timestamptz and m.moment >= w.times_since
        and not exists (
          select from deliveries d where d.subject = 'booking:' || b.id and d.kind = 'webhook' and d.topic = t.topic
            and d.target = w.id::text and d.created_at >= m.moment)
      order by m.moment, b.id, t.topic desc
      limit ${MOST_AT_ONCE}`.execute(tx)
    const planned = rows.map(({ booking_id, webhook_id, topic, version }) => ({
      ...{ eventId: null, subject: `booking:${booking_id}`, kind: 'webhook' as const, topic },
      ...{ target: String(webhook_id), version },
    }))
    await planDeliveries(tx, ctx, planned)
  })
}
