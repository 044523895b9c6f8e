import { z } from 'zod'
import { invalidInput } from '#platform/errors.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { parseInput } from '#platform/input.ts'
import { bookingError } from '../errors.ts'
import { bookingByUid, bookingsOfSeries } from '../queries.ts'
import { formerBooking, formerNewSeries } from './former.ts'
import { makeBooking, problem, REFUSED } from './making.ts'
import { presented } from './queries.ts'
import { newBooking } from './requests.ts'
import { bookingOfThen, NAMES_THEN, newBookingOf } from './versions.ts'

/** The first speaks for all. */
const NAMES = {
  ...Object.fromEntries(Object.entries(NAMES_THEN).map(([today, then]) => [today, `0.${then}`])),
  ...{ start: '0.start', eventTypeId: '0.eventTypeId', metadata: '0.metadata', recurrenceCount: '' },
}

/** Where series were booked before the event type said that it repeats. */
export const seriesRoute: ApiRoute = defineApiRoute({
  ...{ method: 'post', path: '/bookings/recurring', operationId: 'createRecurringBooking', tag: 'Bookings' },
  summary: 'Book a series, as it was done before',
  description: `For clients of the version 2024-04-15, which name every date. New ones send \`recurrenceCount\` to \`/v2/bookings\`. All are booked, or none.`,
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  versions: UNVERSIONED,
  body: formerNewSeries,
  status: 201,
  data: z.array(formerBooking),
  refusals: REFUSED,
  async run(ctx, { body }) {
    const [first] = body
    if (!first) throw bookingError('booking_not_found')
    const wanted = newBookingOf(first)
    const other = body.findIndex((one) => said(newBookingOf(one)) !== said(wanted))
    if (other >= 0) throw invalidInput([problem(String(other), 'field_invalid')])
    const starts = body.map(({ start }) => start)
    const uid = await inWireNames(
      NAMES,
      (async () => makeBooking(ctx, parseInput(newBooking, { ...wanted, recurrenceCount: body.length }), starts))(),
    )
    const booking = await bookingByUid(ctx, uid)
    if (!booking) throw bookingError('booking_not_found')
    const all = booking.series ? await bookingsOfSeries(ctx.db, booking.series.id) : [booking]
    return { data: (await presented(ctx, all)).map(bookingOfThen) }
  },
})

/** Everything of a booking but when it begins. */
const said = (booking: object) => JSON.stringify({ ...booking, start: undefined })
