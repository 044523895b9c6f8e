import { redirect } from '@sveltejs/kit'
import { cancelBooking } from '#features/bookings/cancellation/commands.ts'
import { calendarLinks } from '#features/bookings/entries/links.ts'
import { bookerOf, placeOf, titleFor } from '#features/bookings/entries/types.ts'
import { partyOf } from '#features/bookings/policy.ts'
import { bookingHistory, hostIdsOf, offerKeyBehind, offerPathOf } from '#features/bookings/queries.ts'
import { rateBooking } from '#features/bookings/ratings/commands.ts'
import { ownRating } from '#features/bookings/ratings/queries.ts'
import { mayBeCancelledBy, mayBeMovedBy, presentOf } from '#features/bookings/rules.ts'
import { cancelSchema } from '#features/bookings/schema.ts'
import { reduceParty } from '#features/bookings/seats/party/commands.ts'
import { shownCompanions } from '#features/bookings/seats/party/rules.ts'
import { occurrencesOf } from '#features/bookings/series/queries.ts'
import type { Booking } from '#features/bookings/types.ts'
import { DEFAULT_OPTIONS } from '#features/event-types/types.ts'
import type { Ctx } from '#platform/ctx.ts'
import { formAction } from '#platform/http/kit.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { parseInput } from '#platform/input.ts'
import { bookingAt, keepSecret } from '../../booking.server.ts'
import { facePlate } from '../../face.server.ts'
import type { Actions, PageServerLoad } from './$types'

/** For so long the page speaks of the mail that is on its way. */
const FRESH_MS = 15 * 60_000

/** What happens to a booking without changing how it stands. */
const ASIDE: ReadonlySet<string> = new Set([
  'booking.no_show_marked',
  'booking.note_changed',
  'booking.rated',
  'booking.reported',
  'booking.guests_added',
  'booking.location_changed',
  'booking.seat_taken',
  'booking.seat_left',
])

export const load: PageServerLoad = async (event) => {
  keepSecret(event)
  const { ctx } = event.locals
  const booking = await bookingAt(event, event.params.uid)
  const now = ctx.clock.now().epochMilliseconds
  const history = await bookingHistory(ctx.db, booking)
  const last = history.findLast(({ name }) => !ASIDE.has(name))
  const booker = bookerOf(booking)
  const [start, end] = [booking.start.epochMilliseconds, booking.end.epochMilliseconds]
  const { eventType } = booking
  const by = partyOf(ctx.actor, hostIdsOf(booking))
  const present = presentOf(booking)
  const ratable = by === 'attendee' && present.status === 'accepted' && end <= now
  return {
    rating: ratable ? { stars: await ownRating(ctx.db, event.params.uid) } : null,
    face: facePlate(event, booking.host),
    uid: booking.uid,
    status: booking.status,
    isOver: end <= now,
    isFresh: now - (booking.others ? Date.parse(history[0]?.at ?? '') : booking.createdAt.epochMilliseconds) < FRESH_MS,
    movedFrom: last?.fromStart ?? null,
    title: booking.title,
    start,
    end,
    timeZone: booker.timeZone,
    location: booking.location,
    notes: booking.notes,
    answers: booker.answers.filter(({ hidden }) => !hidden),
    reason: booking.reason,
    cancelledBy: booking.cancelledBy,
    rescheduleRequested: booking.rescheduleRequested,
    sequence: booking.sequence,
    booker: { name: booker.name, email: booker.email },
    series: booking.series && {
      ...booking.series,
      dates: (event.locals.decoy?.dates ?? (await occurrencesOf(ctx.db, booking.series.id))).map((date) => ({
        ...{ uid: date.uid, start: date.start },
        stands: date.status === 'accepted' || date.status === 'pending',
      })),
    },
    others: booking.others ?? [],
    quantity: booker.quantity,
    companions: shownCompanions(booker.companions, false),
    guests: booking.attendees.filter((one) => one.kind === 'guest').map((one) => one.email),
    offerPath: offerPathOf(booking),
    canCancel: mayBeCancelledBy(by, present, now, eventType ?? DEFAULT_OPTIONS).ok,
    canMove: offerKeyBehind(booking) !== null && mayBeMovedBy(by, present, now, eventType ?? DEFAULT_OPTIONS).ok,
    cancelling: event.url.searchParams.get('cancel') === 'true',
    reducing: event.url.searchParams.get('party') === 'true' && booking.others !== null && booker.quantity > 1,
    reducible: booking.others !== null && booker.quantity > 1,
    calendars: calendarLinks(entryOf(booking, ctx)),
  }
}

function entryOf(booking: Booking, { config, locale }: Ctx) {
  const details = new URL(`/booking/${booking.uid}`, config.url).href
  const title = titleFor(booking, translatorFor(locale)('mail.calendar.private'))
  const [start, end] = [booking.start.epochMilliseconds, booking.end.epochMilliseconds]
  return { title, start, end, details, location: placeOf(booking.location) }
}

export const actions: Actions = {
  async cancel(event) {
    const { locals, params } = event
    return formAction(event, async (form) => {
      const sequence = form.get('sequence')
      const input = parseInput(cancelSchema, {
        reason: form.get('reason') ?? '',
        following: form.get('following') === 'true',
        ...(sequence === null ? {} : { sequence: Number(sequence) }),
      })
      await cancelBooking(locals.ctx, { uid: params.uid, ...input })
      redirect(303, `/booking/${params.uid}`)
    })
  },
  async party(event) {
    const { locals, params } = event
    return formAction(event, async (form) => {
      await reduceParty(locals.ctx, params.uid, {
        quantity: Number(form.get('quantity')),
        away: form.getAll('away').map(Number),
        sequence: Number(form.get('sequence')),
      })
      redirect(303, `/booking/${params.uid}`)
    })
  },
  async rate(event) {
    const { locals, params } = event
    return formAction(event, async (form) => {
      const stars = form.get('stars')
      await rateBooking(locals.ctx, params.uid, {
        ...(stars === null ? {} : { stars: Number(stars) }),
        comment: form.get('comment') ?? '',
      })
      redirect(303, `/booking/${params.uid}#rate`)
    })
  },
}
