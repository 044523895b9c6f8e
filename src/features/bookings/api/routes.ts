import { transaction } from '#platform/db/transaction.ts'
import { invalidInput } from '#platform/errors.ts'
import { canonicalMailAddress } from '#platform/fields.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { parseInput } from '#platform/input.ts'
import { markNoShow } from '../aftercare/commands.ts'
import { confirmBooking, rejectBooking } from '../answering/commands.ts'
import { bookingError } from '../errors.ts'
import { bookingById, bookingByUid, bookingsOfSeries } from '../queries.ts'
import { rejectSchema } from '../schema.ts'
import { changingRoutes, reschedule } from './changing.ts'
import { formerOneOrSeries } from './former.ts'
import { listBookingsRoute } from './list.ts'
import { makeBooking, problem, REFUSED } from './making.ts'
import { partRoutes } from './parts.ts'
import { presented, presentedOne, requireOwn, shownBy, shownBySeat, withSeat } from './queries.ts'
import { absence, bookingParams, decline, newBooking, seatParams } from './requests.ts'
import { oneBooking, oneOrSeries } from './schema.ts'
import { seriesRoute } from './then.ts'
import { bookingVersions, newBookingVersions, oneBookingVersions } from './versions.ts'

const common = { tag: 'Bookings', versions: bookingVersions } as const
const ANSWERED = ['already_confirmed', 'already_cancelled', 'already_rejected', 'already_over'] as const

const create = defineApiRoute({
  ...common,
  versions: newBookingVersions(reschedule),
  method: 'post',
  path: '/bookings',
  operationId: 'createBooking',
  summary: 'Book',
  description: `Whoever may open the booking page may book, with a key or without one. Mails go out as from the page. Of a time that is not free,
\`details.alternatives\` are the nearest that are. Of an event type that repeats, the reply is a list; where several share a booking, \`seatUid\` is
the booker's.

In version 2024-04-15, who books stands in \`responses\`, with the answers; with \`rescheduleUid\`, that booking is moved.`,
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  body: newBooking,
  status: 201,
  data: oneOrSeries,
  olderData: [formerOneOrSeries],
  refusals: REFUSED,
  async run(ctx, { body }) {
    const uid = await makeBooking(ctx, body)
    const booking = await bookingByUid(ctx, uid)
    if (!booking) throw bookingError('booking_not_found')
    if (booking.series) return { data: await presented(ctx, await bookingsOfSeries(ctx.db, booking.series.id)) }
    if (!booking.seats) return { data: await presentedOne(ctx, booking) }
    return { data: await withSeat(ctx, booking.id, uid) }
  },
})

const getOne = defineApiRoute({
  ...common,
  versions: oneBookingVersions,
  method: 'get',
  path: '/bookings/{bookingUid}',
  operationId: 'getBooking',
  summary: 'One booking, or all of a series',
  description:
    'Whoever knows the uid sees what the page of the booking shows; with a key of its host there is all of it.',
  access: 'public',
  keyScope: 'BOOKING_READ',
  params: bookingParams,
  data: oneOrSeries,
  olderData: [formerOneOrSeries],
  refusals: ['booking_not_found'],
  run: async (ctx, { params }) => ({ data: await shownBy(ctx, params.bookingUid) }),
})

const getBySeat = defineApiRoute({
  ...common,
  method: 'get',
  path: '/bookings/by-seat/{seatUid}',
  operationId: 'getBookingBySeat',
  summary: 'The booking in which somebody has a seat',
  access: 'public',
  keyScope: 'BOOKING_READ',
  params: seatParams,
  data: oneBooking,
  refusals: ['booking_not_found'],
  run: async (ctx, { params }) => ({ data: await shownBySeat(ctx, params.seatUid) }),
})

const confirm = defineApiRoute({
  ...common,
  method: 'post',
  path: '/bookings/{bookingUid}/confirm',
  operationId: 'confirmBooking',
  summary: 'Accept what was asked for',
  access: 'BOOKING_WRITE',
  params: bookingParams,
  data: oneBooking,
  refusals: ['booking_not_found', ...ANSWERED],
  async run(ctx, { params: { bookingUid: uid } }) {
    const { id } = await requireOwn(ctx, uid)
    await confirmBooking(ctx, { uid })
    return { data: await presentedOne(ctx, await bookingById(ctx.db, id)) }
  },
})

const declineOne = defineApiRoute({
  ...common,
  method: 'post',
  path: '/bookings/{bookingUid}/decline',
  operationId: 'declineBooking',
  summary: 'Decline what was asked for',
  access: 'BOOKING_WRITE',
  params: bookingParams,
  body: decline,
  data: oneBooking,
  refusals: ['booking_not_found', ...ANSWERED],
  async run(ctx, { params: { bookingUid: uid }, body: { reason = '' } }) {
    const { id } = await requireOwn(ctx, uid)
    await rejectBooking(ctx, { uid, ...parseInput(rejectSchema, { reason }) })
    return { data: await presentedOne(ctx, await bookingById(ctx.db, id)) }
  },
})

const markAbsent = defineApiRoute({
  ...common,
  method: 'post',
  path: '/bookings/{bookingUid}/mark-absent',
  operationId: 'markAbsent',
  summary: 'Say who did not come',
  description: 'Of those who are not named, what was said before stays. All of it is written, or nothing.',
  access: 'BOOKING_WRITE',
  params: bookingParams,
  body: absence,
  data: oneBooking,
  refusals: ['booking_not_found', 'not_accepted', 'not_yet_begun'],
  async run(asking, { params: { bookingUid: uid }, body: { host, attendees = [] } }) {
    const booking = await requireOwn(asking, uid)
    const known = attendees.map(({ email }) => {
      const address = canonicalMailAddress(email)
      return booking.attendees.filter((one) => one.email !== '' && one.email === address).map(({ id }) => id)
    })
    const problems = known.flatMap((ids, i) =>
      ids.length === 0 ? [problem(`attendees.${i}.email`, 'not_an_attendee')] : [],
    )
    if (problems.length > 0) throw invalidInput(problems)
    const marks = [
      ...(host === undefined ? [] : [{ attendeeId: null, noShow: host }]),
      ...known.flatMap((ids, i) => ids.map((attendeeId) => ({ attendeeId, noShow: attendees[i]?.absent ?? false }))),
    ]
    await transaction(asking.db, async (tx) => {
      for (const mark of marks) await markNoShow({ ...asking, db: tx }, uid, mark)
    })
    return { data: await presentedOne(asking, booking) }
  },
})

export const bookingRoutes: readonly ApiRoute[] = [
  ...[create, seriesRoute, listBookingsRoute, getOne, getBySeat, ...changingRoutes, confirm, declineOne, markAbsent],
  ...partRoutes,
]
