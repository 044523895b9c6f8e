import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { type FieldProblem, invalidInput } from '#platform/errors.ts'
import { canonicalMailAddress } from '#platform/fields.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { parseInput } from '#platform/input.ts'
import { markNoShow } from '../aftercare/commands.ts'
import { confirmBooking, rejectBooking } from '../answering/commands.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { bookingError } from '../errors.ts'
import { partyOf } from '../policy.ts'
import { bookingById, bookingByUid, bookingsOfSeries, hostIdsOf } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { cancelSchema, rejectSchema, rescheduleSchema } from '../schema.ts'
import { listBookingsRoute } from './list.ts'
import { makeBooking, told } from './making.ts'
import { partRoutes } from './parts.ts'
import { presented, presentedOne, requireOwn, requireSeatIn, shownBy, shownBySeat } from './queries.ts'
import { absence, bookingParams, cancellation, decline, type Move, move, newBooking, seatParams } from './requests.ts'
import { oneBooking, oneOrSeries, type WireSeated } from './schema.ts'
import { bookingVersions } from './versions.ts'

const common = { tag: 'Bookings', versions: bookingVersions } as const
const TAKEN = [
  'slot_taken',
  'slot_not_offered',
  'event_type_not_found',
  'duration_not_offered',
  'rate_limited',
] as const
const ANSWERED = ['already_cancelled', 'already_rejected', 'already_over'] as const

const create = defineApiRoute({
  ...common,
  method: 'post',
  path: '/bookings',
  operationId: 'createBooking',
  summary: 'Book',
  description: `Whoever may open the booking page may book, with a key or without one. Mails go out as from the page. Of a time that is not free,
\`details.alternatives\` are the nearest that are. Of an event type that repeats, the reply is a list; where several share a booking, \`seatUid\` is
the booker's.`,
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  body: newBooking,
  status: 201,
  data: oneOrSeries,
  refusals: [
    ...TAKEN,
    ...[
      'location_not_offered',
      'phone_required',
      'place_required',
      'guests_not_offered',
      'not_recurring',
      'occurrence_taken',
    ],
    ...['not_enough_seats', 'booker_limit_reached', 'email_not_admitted', 'mail_code_required', 'mail_code_wrong'],
    ...['booking_refused', 'outside_offer', 'reason_required'],
  ],
  async run(ctx, { body }) {
    const uid = await makeBooking(ctx, body)
    const booking = await bookingByUid(ctx, uid)
    if (!booking) throw bookingError('booking_not_found')
    if (booking.series) return { data: await presented(ctx, await bookingsOfSeries(ctx.db, booking.series.id)) }
    if (!booking.seats) return { data: await presentedOne(ctx, booking) }
    return { data: await withSeat(ctx, booking.id, uid) }
  },
})

/** What several share, with the seat of one: hosts see all of it. @param uid of the seat, or of the booking whose latest it is */
async function withSeat(ctx: Ctx, bookingId: number, uid: string): Promise<WireSeated> {
  const whole = await bookingById(ctx.db, bookingId)
  const toHost = whole && partyOf(ctx.actor, hostIdsOf(whole)) === 'host'
  const shown = await presentedOne(ctx, toHost ? whole : await bookingByUid(ctx, uid))
  const seatUid = whole?.uid === uid ? (whole.attendees.at(-1)?.seat?.uid ?? '') : uid
  return { ...(shown as WireSeated), seatUid }
}

const getOne = defineApiRoute({
  ...common,
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

const reschedule = defineApiRoute({
  ...common,
  method: 'post',
  path: '/bookings/{bookingUid}/reschedule',
  operationId: 'rescheduleBooking',
  summary: 'Move a booking',
  description: `It keeps its uid. Without a key, or with one of somebody who does not host it, it moves in the name of its attendee: as far as the
event type lets them, and to be confirmed again where it says so.`,
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  params: bookingParams,
  body: move,
  status: 201,
  data: oneBooking,
  refusals: [
    ...['booking_not_found', ...TAKEN, 'same_time', ...ANSWERED],
    ...['rescheduling_not_offered', 'too_late_to_reschedule', 'own_bookings_only'],
  ],
  async run(asking, { params: { bookingUid }, body }) {
    const { seatUid } = body
    const uid = seatUid === undefined ? bookingUid : await requireSeatIn(asking.db, bookingUid, seatUid)
    const acting = await inWhoseName(asking, uid, body)
    const { start, reschedulingReason: reason, lengthInMinutes: duration, bookingFieldsResponses: answers } = body
    const moved = await told(
      async () => {
        const named = Object.entries({ reason, duration, answers }).filter(([, value]) => value !== undefined)
        const wanted = parseInput(rescheduleSchema, { start: start.toString(), ...Object.fromEntries(named) })
        const held = body.reservationUid === undefined ? {} : { holdToken: body.reservationUid }
        return rescheduleBooking(acting, { ...wanted, uid, ...held })
      },
      { reason: 'reschedulingReason', duration: 'lengthInMinutes', answers: 'bookingFieldsResponses' },
    )
    const booking = await bookingByUid(asking, uid)
    if (booking?.seats && booking.others !== null) return { data: await withSeat(asking, moved.id, uid) }
    return { data: await presentedOne(asking, booking) }
  },
})

/**
 * A host may move a booking as its attendee would, and nobody else as the host.
 * @throws booking_not_found, own_bookings_only, invalid_input
 */
async function inWhoseName(ctx: Ctx, uid: string, { rescheduledBy }: Move): Promise<Ctx> {
  if (rescheduledBy === undefined) return ctx
  const email = canonicalMailAddress(rescheduledBy)
  const booking = await bookingByUid(ctx, uid)
  if (!booking) throw bookingError('booking_not_found')
  const asHost = [booking.host, ...booking.coHosts].some((host) => host.email === email)
  if (asHost) {
    if (partyOf(ctx.actor, hostIdsOf(booking)) !== 'host') throw bookingError('own_bookings_only')
    return ctx
  }
  if (!booking.attendees.some((attendee) => attendee.email === email))
    throw invalidInput([notAnAttendee('rescheduledBy')])
  return { ...ctx, actor: { kind: 'visitor' } }
}

function notAnAttendee(path: string): FieldProblem {
  return { path, code: 'not_an_attendee', message: 'not_an_attendee' }
}

const cancel = defineApiRoute({
  ...common,
  method: 'post',
  path: '/bookings/{bookingUid}/cancel',
  operationId: 'cancelBooking',
  summary: 'Cancel a booking or a seat',
  description: 'Without a key of its host, in the name of its attendee, as far as the event type lets them.',
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  params: bookingParams,
  body: cancellation,
  data: oneOrSeries,
  refusals: ['booking_not_found', 'reason_required', ...ANSWERED, 'cancelling_not_offered'],
  async run(ctx, { params: { bookingUid }, body }) {
    const { cancellationReason: reason = '', cancelSubsequentBookings: following = false, seatUid } = body
    const uid = seatUid === undefined ? bookingUid : await requireSeatIn(ctx.db, bookingUid, seatUid)
    await told(async () => cancelBooking(ctx, { uid, ...parseInput(cancelSchema, { reason, following }) }), {
      ...{ reason: 'cancellationReason', following: 'cancelSubsequentBookings' },
    })
    const booking = await bookingByUid(ctx, uid)
    if (following && booking?.series) {
      const { id, occurrence } = booking.series
      const later = (await bookingsOfSeries(ctx.db, id)).filter(({ series }) => (series?.occurrence ?? 0) >= occurrence)
      return { data: await presented(ctx, later) }
    }
    return { data: seatUid === undefined ? await presentedOne(ctx, booking) : await shownBySeat(ctx, uid) }
  },
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
  refusals: ['booking_not_found', 'already_confirmed', ...ANSWERED],
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
  refusals: ['booking_not_found', 'already_confirmed', ...ANSWERED],
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
    const problems = known.flatMap((ids, i) => (ids.length === 0 ? [notAnAttendee(`attendees.${i}.email`)] : []))
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
  ...[create, listBookingsRoute, getOne, getBySeat, reschedule, cancel, confirm, declineOne, markAbsent],
  ...partRoutes,
]
