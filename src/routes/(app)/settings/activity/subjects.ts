import { apiKeyLabels } from '#features/accounts/api-keys/queries.ts'
import type { Activity } from '#features/accounts/audit/types.ts'
import { bookingTitles } from '#features/bookings/queries.ts'
import { eventTypeTitles } from '#features/event-types/queries.ts'
import { scheduleNames } from '#features/schedules/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'

/** What a line of the log is about, where the reader owns it and it still is. */
export interface Subject {
  title: string
  href: string
}

/** Names and addresses by `noun:id`; at most one statement for each kind of thing. */
export async function subjectsOf(ctx: Ctx, entries: readonly Activity[]): Promise<ReadonlyMap<string, Subject>> {
  const scope = userScope(ctx)
  const idsOf = (noun: string) => [...new Set(entries.filter((one) => one.noun === noun).map((one) => one.subjectId))]
  const numbersOf = (noun: string) => idsOf(noun).map(Number).filter(Number.isSafeInteger)
  const [bookings, eventTypes, schedules, keys] = await Promise.all([
    bookingTitles(ctx.db, scope, numbersOf('booking')),
    eventTypeTitles(ctx.db, scope, numbersOf('event-type')),
    idsOf('schedule').length > 0 ? scheduleNames(ctx.db, scope) : [],
    apiKeyLabels(ctx.db, scope, idsOf('api-key')),
  ])
  return new Map<string, Subject>([
    ...[...bookings].map(
      ([id, { uid, title }]) => [`booking:${id}`, { title, href: `/bookings/detail/${uid}` }] as const,
    ),
    ...[...eventTypes].map(([id, title]) => [`event-type:${id}`, { title, href: `/event-types/${id}` }] as const),
    ...schedules.map(({ id, name: title }) => [`schedule:${id}`, { title, href: `/availability/${id}` }] as const),
    ...[...keys].map(([id, title]) => [`api-key:${id}`, { title, href: '/settings/security' }] as const),
  ])
}
