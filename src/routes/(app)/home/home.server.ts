import { Temporal } from 'temporal-polyfill'
import { ownSecondFactor } from '#features/accounts/second-factor/queries.ts'
import type { Account } from '#features/accounts/types.ts'
import { OUTLOOK_DAYS, type Outlook, outlookOf } from '#features/availability/outlook/queries.ts'
import type { DayReason } from '#features/availability/types.ts'
import { overviewOf } from '#features/bookings/overview/queries.ts'
import { agendaFrom, listBookings } from '#features/bookings/queries.ts'
import { daysOf, type ItemView, itemOf } from '#features/bookings/ui/dashboard/views.ts'
import { endingLinks } from '#features/event-types/links/queries.ts'
import { untoldBookings } from '#features/notifications/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { formatShort } from '#ui/dates.ts'
import { readingOf } from '../bookings/reading.ts'

/** One thing that a host should look at, and where it is put right. */
export type Concern =
  /** Mails of a booking did not arrive. */
  | { kind: 'untold'; uid: string; title: string; mails: number }
  /** So many more bookings like that. */
  | { kind: 'untoldMore'; n: number }
  /** The hours of a schedule are empty for days. `scheduleId` null: the default one. */
  | { kind: 'closed'; scheduleId: number | null; titles: string[] }
  /** An event type has nothing to choose from. */
  | { kind: 'barren'; eventTypeId: number; title: string; reason: DayReason | null }
  | { kind: 'ending'; eventTypeId: number; title: string; label: string; when: string }
  /** Whoever runs the installation signs in with a password alone. */
  | { kind: 'oneStep' }
  | { kind: 'rated'; uid: string; title: string; name: string; stars: number }

const MOST_REQUESTS = 5
/** Of today and the days after, together: more half hours than a day has. */
const MOST_AGENDA = 60
const MOST_NEXT = 5
const LINK_DAYS = 3

export type Home = Awaited<ReturnType<typeof homeOf>>

/** Everything the first page of a host shows: seven statements, however much there is, and one more for whoever runs the installation. */
export async function homeOf(ctx: Ctx, account: Account) {
  const { db, clock } = ctx
  const scope = userScope(ctx)
  const now = clock.now()
  const style = { locale: ctx.locale, timeZone: account.timeZone, hourCycle: account.hourCycle }
  const local = now.toZonedDateTimeISO(account.timeZone)
  const today = local.toPlainDate()
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(account.timeZone).toInstant()
  const monday = today.subtract({ days: (local.dayOfWeek - account.weekStart + 7) % 7 })
  const week = { from: midnight(monday), until: midnight(monday.add({ days: 7 })) }
  const [requests, agenda, overview, untold, outlook, links, isOneStep] = await Promise.all([
    listBookings(db, scope, { tab: 'unconfirmed', now, size: MOST_REQUESTS }),
    agendaFrom(db, scope, midnight(today), MOST_AGENDA),
    overviewOf(db, scope, now, week),
    untoldBookings(db, scope, now),
    outlookOf(ctx, scope),
    endingLinks(db, scope, now, now.add({ hours: LINK_DAYS * 24 })),
    account.role !== 'member' && ownSecondFactor(scope, db).then((factor) => factor === null),
  ])
  const reading = readingOf(ctx)
  const tomorrow = midnight(today.add({ days: 1 }))
  const isToday = ({ start }: { start: Temporal.Instant }) => Temporal.Instant.compare(start, tomorrow) < 0
  const todays = agenda.filter(isToday)
  const next = agenda.filter((booking) => !isToday(booking)).slice(0, MOST_NEXT)
  return {
    date: today.toString(),
    requests: daysOf(requests.bookings, reading),
    waiting: overview.waiting,
    today: todays.map((booking) => ({
      ...itemOf(booking, reading),
      phase: phaseOf(booking.start, booking.end, now),
    })) satisfies (ItemView & { phase: Phase })[],
    next: daysOf(next, reading),
    week: { meetings: overview.meetings, minutes: overview.minutes, calledOff: overview.calledOff },
    any: overview.any,
    offered: outlook.offered,
    days: OUTLOOK_DAYS,
    concerns: [
      ...(isOneStep ? [{ kind: 'oneStep' as const }] : []),
      ...untold.bookings.map((booking) => ({ kind: 'untold' as const, ...booking })),
      ...(untold.count > untold.bookings.length
        ? [{ kind: 'untoldMore' as const, n: untold.count - untold.bookings.length }]
        : []),
      ...concernsOf(outlook),
      ...links.map(({ expiresAt, ...link }) => ({
        kind: 'ending' as const,
        ...link,
        when: formatShort(expiresAt, style),
      })),
      ...overview.lowRatings.map((rating) => ({ kind: 'rated' as const, ...rating })),
    ] satisfies Concern[] as Concern[],
  }
}

type Phase = 'over' | 'now' | 'ahead'

function phaseOf(start: Temporal.Instant, end: Temporal.Instant, now: Temporal.Instant): Phase {
  if (Temporal.Instant.compare(end, now) <= 0) return 'over'
  return Temporal.Instant.compare(start, now) <= 0 ? 'now' : 'ahead'
}

/** Event types whose schedule is empty are one concern for each schedule. */
function concernsOf({ barren }: Outlook): Concern[] {
  const closed = barren.filter((one) => one.closed)
  const schedules = [...new Set(closed.map(({ scheduleId }) => scheduleId))]
  return [
    ...schedules.map((scheduleId) => ({
      kind: 'closed' as const,
      scheduleId,
      titles: closed.filter((one) => one.scheduleId === scheduleId).map(({ title }) => title),
    })),
    ...barren
      .filter((one) => !one.closed)
      .map(({ eventTypeId, title, reason }) => ({ kind: 'barren' as const, eventTypeId, title, reason })),
  ]
}
