import { isAddressOf } from '#features/accounts/verified-emails/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { invalidInput } from '#platform/errors.ts'
import { canonicalMailAddress } from '#platform/fields.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { parseInput } from '#platform/input.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { bookingError } from '../errors.ts'
import { partyOf } from '../policy.ts'
import { bookingByUid, bookingsOfSeries, hostIdsOf } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { mayCancel, presentOf } from '../rules.ts'
import { cancelSchema, rescheduleSchema } from '../schema.ts'
import { formerOneOrSeries } from './former.ts'
import { problem, told } from './making.ts'
import { presented, presentedOne, requireSeatIn, seriesBy, shownBySeat, uidOf, withSeat } from './queries.ts'
import { bookingParams, cancellation, type Move, move } from './requests.ts'
import { oneBooking, oneOrSeries, type WireBooking } from './schema.ts'
import { bookingVersions, cancellationVersions } from './versions.ts'

const common = { tag: 'Bookings', versions: bookingVersions } as const

export const reschedule = defineApiRoute({
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
    ...[
      'booking_not_found',
      ...['slot_taken', 'slot_not_offered', 'event_type_not_found', 'duration_not_offered', 'rate_limited'],
      'same_time',
      ...['already_cancelled', 'already_rejected', 'already_over'],
    ],
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
  if (email !== null && (await isAddressOf(ctx.db, hostIdsOf(booking), email))) {
    if (partyOf(ctx.actor, hostIdsOf(booking)) !== 'host') throw bookingError('own_bookings_only')
    return ctx
  }
  if (!booking.attendees.some((attendee) => attendee.email === email))
    throw invalidInput([problem('rescheduledBy', 'not_an_attendee')])
  return { ...ctx, actor: { kind: 'visitor' } }
}

const cancel = defineApiRoute({
  ...common,
  versions: cancellationVersions,
  method: 'post',
  path: '/bookings/{bookingUid}/cancel',
  operationId: 'cancelBooking',
  summary: 'Cancel a booking, a seat or a series',
  description: `Without a key of its host, in the name of its attendee, as far as the event type lets them. By the uid of a series, whatever of it is still
to come. A number is the id, for a key of its host.

In version 2024-04-15, the fields are \`allRemainingBookings\`, \`cancellationReason\` and \`seatReferenceUid\`.`,
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  params: bookingParams,
  body: cancellation,
  data: oneOrSeries,
  olderData: [formerOneOrSeries],
  refusals: [
    'booking_not_found',
    'reason_required',
    ...['already_cancelled', 'already_rejected', 'already_over'],
    'cancelling_not_offered',
  ],
  async run(ctx, { params, body }) {
    const bookingUid = await uidOf(ctx, params.bookingUid)
    const { cancellationReason = '', cancelSubsequentBookings: following = false, seatUid } = body
    const uid = seatUid === undefined ? bookingUid : await requireSeatIn(ctx.db, bookingUid, seatUid)
    const { reason } = await told(async () => parseInput(cancelSchema, { reason: cancellationReason }), {
      reason: 'cancellationReason',
    })
    const booking = await bookingByUid(ctx, uid)
    if (!booking) return { data: await cancelSeries(ctx, uid, reason) }
    await cancelBooking(ctx, { uid, reason, following })
    if (following && booking.series) {
      const { id, occurrence } = booking.series
      const later = (await bookingsOfSeries(ctx.db, id)).filter(({ series }) => (series?.occurrence ?? 0) >= occurrence)
      return { data: await presented(ctx, later) }
    }
    if (seatUid !== undefined) return { data: await shownBySeat(ctx, uid) }
    return { data: await presentedOne(ctx, await bookingByUid(ctx, uid)) }
  },
})

/** From the first on that stands. @throws booking_not_found, and what its first booking is refused with when none does */
async function cancelSeries(ctx: Ctx, seriesUid: string, reason: string): Promise<WireBooking[]> {
  const all = await seriesBy(ctx.db, seriesUid)
  const now = ctx.clock.now().epochMilliseconds
  const first = all.find((booking) => mayCancel(presentOf(booking), now).ok) ?? all[0]
  if (!first) throw bookingError('booking_not_found')
  await cancelBooking(ctx, { uid: first.uid, reason, following: true })
  return presented(ctx, await seriesBy(ctx.db, seriesUid))
}

export const changingRoutes: readonly ApiRoute[] = [reschedule, cancel]
