import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { ownAccount } from '#features/accounts/queries.ts'
import { invalidInput } from '#platform/errors.ts'
import { isoInstant } from '#platform/http/api/fields.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { availabilityError } from '../../errors.ts'
import { busyTimes } from '../queries.ts'
import { spanOfDates } from '../rules.ts'
import { type BusyQuery, busyQuery, busyTime, calendars } from './schema.ts'

const common = { tag: 'Calendars', versions: UNVERSIONED } as const
const MOST_DAYS = 366

const listCalendars = defineApiRoute({
  ...common,
  method: 'get',
  path: '/calendars',
  operationId: 'getCalendars',
  summary: 'Connected calendars',
  description: 'Calendars of other services cannot be connected yet, so there are none.',
  access: 'APPS_READ',
  data: calendars,
  run: async () => ({ data: { connectedCalendars: [], destinationCalendar: null } }),
})

const listBusyTimes = defineApiRoute({
  ...common,
  method: 'get',
  path: '/calendars/busy-times',
  operationId: 'getBusyTimes',
  summary: 'When the owner of the key is busy',
  description:
    'Bookings without their buffers, absences, and public holidays that are kept. They are not cut where they reach beyond the dates.',
  access: 'APPS_READ',
  query: busyQuery,
  data: z.array(busyTime),
  refusals: ['calendar_not_found'],
  async run(ctx, { query }) {
    const scope = userScope(ctx)
    if (query.credentialId ?? query.externalId ?? query.calendarsToLoad) throw availabilityError('calendar_not_found')
    const zone = query.timeZone ?? query.loggedInUsersTz ?? (await ownAccount(scope, ctx.db)).timeZone
    const today = ctx.clock.now().toZonedDateTimeISO(zone).toPlainDate().toString()
    const times = await busyTimes(ctx.db, scope, spanOf(query, zone, today))
    return {
      data: times.map(({ start, end, source }) => ({ start: isoInstant(start), end: isoInstant(end), source })),
    }
  },
})

/** @throws invalid_input */
function spanOf({ dateFrom: first, dateTo: last }: BusyQuery, zone: string, today: string) {
  const [from, until] = [first ?? (last !== undefined && last < today ? last : today), last ?? first ?? today]
  const days = Temporal.PlainDate.from(from).until(until).days + 1
  if (days < 1) throw problem('span_ends_before_start')
  if (days > MOST_DAYS) throw problem('span_too_long', { max: MOST_DAYS })
  return spanOfDates(from, until, zone)
}

function problem(code: string, values?: Record<string, number>) {
  return invalidInput([{ path: 'dateTo', code, message: code, ...(values && { values }) }])
}

export const calendarRoutes: readonly ApiRoute[] = [listCalendars, listBusyTimes]
