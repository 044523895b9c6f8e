import { Temporal } from 'temporal-polyfill'
import { answerText } from '../../bookings/answers/types.ts'
import { placeOf } from '../../bookings/entries/types.ts'
import type { Attendee, Booking, BookingHost } from '../../bookings/types.ts'
import { TITLE_KEY } from '../../event-types/questions/types.ts'
import type { Trigger } from '../types.ts'
import type { AbsenceFacts, Body, Told } from './types.ts'

const SHAPE_OF_STATUS = {
  BOOKING_CREATED: 'ACCEPTED',
  BOOKING_CONFIRMED: 'ACCEPTED',
  BOOKING_RESCHEDULED: 'ACCEPTED',
  MEETING_STARTED: 'ACCEPTED',
  MEETING_ENDED: 'ACCEPTED',
  BOOKING_REQUESTED: 'PENDING',
  BOOKING_CANCELLED: 'CANCELLED',
  BOOKING_REJECTED: 'REJECTED',
} as const satisfies Partial<Record<Trigger, string>>

export type BookingTrigger = keyof typeof SHAPE_OF_STATUS

/**
 * Everything about a booking under the keys that receivers written for Cal.com read. What this product does not have is there, and null
 * or empty. The keys and their order are part of the interface: see docs/webhooks.md.
 */
export function bookingPayload(trigger: BookingTrigger, told: Told): Record<string, unknown> {
  const { booking, start, end, eventType } = told
  const people = peopleOf(told)
  const booker = people.find(({ kind }) => kind === 'booker') ?? people[0]
  const place = placeOf(booking.location)
  const seat = told.attendeeId === null ? undefined : people[0]?.seat
  const answers = booker?.answers ?? []
  // By which the booker names the meeting is no question of the host's own.
  const own = answers.filter(({ key }) => key !== TITLE_KEY)
  const notes = seat?.notes ?? booking.notes
  return {
    type: booking.eventType?.slug ?? '',
    title: booking.title,
    description: notes,
    additionalNotes: notes,
    customInputs: Object.fromEntries(own.map((answer) => [answer.label, answer.value])),
    startTime: instant(start),
    endTime: instant(end),
    organizer: { id: booking.host.id, ...hostOf(booking.host, start) },
    attendees: people.map((attendee) => attendeeOf(attendee, start)),
    responses: { ...standardResponses(booker, people, booking, notes, place), ...responsesOf(answers) },
    userFieldsResponses: responsesOf(own),
    team: null,
    hosts: booking.coHosts.map((host) => hostOf(host, start)),
    location: place,
    destinationCalendar: null,
    conferenceData: null,
    videoCallData: null,
    appsStatus: [],
    iCalUID: told.iCalUid,
    iCalSequence: told.sequence,
    uid: seat?.uid ?? booking.uid,
    bookingId: booking.id,
    eventTypeId: booking.eventType?.id ?? null,
    eventTitle: booking.eventType?.title ?? booking.title,
    eventDescription: eventType?.description ?? '',
    price: 0,
    currency: 'usd',
    length: Math.round((end - start) / 60_000),
    status: SHAPE_OF_STATUS[trigger],
    requiresConfirmation: eventType?.requiresConfirmation ?? false,
    metadata: booking.location?.kind === 'link' && booking.location.video ? { videoCallUrl: booking.location.url } : {},
    seatsPerTimeSlot: booking.seats?.count ?? eventType?.seats ?? null,
    seatsShowAttendees: booking.seats?.showAttendees ?? false,
    smsReminderNumber: null,
    ...changeOf(trigger, told, booker),
  }
}

/** Who it is about: everybody, or the one whose seat it is. */
function peopleOf({ booking, attendeeId }: Told): Attendee[] {
  if (attendeeId === null) return booking.attendees.length > 0 ? booking.attendees : booking.left
  return [...booking.attendees, ...booking.left].filter(({ id }) => id === attendeeId)
}

function changeOf(trigger: BookingTrigger, told: Told, booker: Attendee | undefined): Record<string, unknown> {
  const { booking, former, by, reason } = told
  const email = by === 'host' ? booking.host.email : (booker?.email ?? '')
  const moved = former && {
    rescheduleId: booking.id,
    rescheduleUid: booking.uid,
    rescheduleStartTime: instant(former.start),
    rescheduleEndTime: instant(former.end),
    rescheduledBy: by && email,
  }
  return {
    ...moved,
    ...(trigger === 'BOOKING_CANCELLED' && {
      ...{ cancellationReason: reason, cancelledBy: by && email },
      requestReschedule: booking.rescheduleRequested,
    }),
    ...(trigger === 'BOOKING_REJECTED' && { rejectionReason: reason }),
    ...{ paymentId: null, paymentData: null, assignmentReason: null },
  }
}

function standardResponses(
  booker: Attendee | undefined,
  people: readonly Attendee[],
  booking: Booking,
  notes: string,
  place: string,
): Record<string, unknown> {
  const guests = people.filter(({ kind }) => kind === 'guest').map(({ email }) => email)
  const optionValue = booking.location?.kind.startsWith('attendee_') ? place : ''
  return {
    name: { label: 'your_name', value: booker?.name ?? '', isHidden: false },
    email: { label: 'email_address', value: booker?.email ?? '', isHidden: false },
    location: { label: 'location', value: { value: place, optionValue }, isHidden: false },
    notes: { label: 'additional_notes', value: notes, isHidden: false },
    guests: { label: 'additional_guests', value: guests, isHidden: false },
  }
}

function responsesOf(answers: Attendee['answers']): Record<string, unknown> {
  return Object.fromEntries(
    answers.map((answer) => {
      const value = answer.file ? answerText(answer) : answer.value
      return [answer.key, { label: answer.label, value, isHidden: answer.hidden }]
    }),
  )
}

function hostOf({ name, email, username, timeZone, locale, hourCycle }: BookingHost, at: number) {
  return {
    ...{ name, email, username, timeZone, language: { locale } },
    timeFormat: hourCycle === 'h12' ? 'h:mma' : 'HH:mm',
    utcOffset: offsetAt(timeZone, at),
  }
}

function attendeeOf({ name, email, timeZone, locale, seat, companions }: Attendee, at: number) {
  const [firstName = '', ...rest] = name.split(' ')
  return {
    ...{ email, name, firstName, lastName: rest.join(' '), timeZone, language: { locale } },
    utcOffset: offsetAt(timeZone, at),
    ...(seat && { bookingSeat: { referenceUid: seat.uid } }),
    ...(companions.length > 0 && {
      companions: companions.map((one) => ({
        name: one.name,
        ...(one.answers && { responses: responsesOf(one.answers) }),
      })),
    }),
  }
}

/** Minutes east of UTC. */
function offsetAt(timeZone: string, at: number): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  return Math.round(offsetNanoseconds / 60_000_000_000)
}

function instant(at: number): string {
  return new Temporal.Instant(BigInt(at) * 1_000_000n).toString({ fractionalSecondDigits: 3 })
}

/** @param attendee who is meant; null: the host */
export function noShowPayload(
  { id, uid }: Pick<Booking, 'id' | 'uid'>,
  attendee: Attendee | null,
  noShow: boolean,
): Record<string, unknown> {
  return {
    message: noShow ? 'Marked as no-show' : 'No longer marked as no-show',
    bookingUid: uid,
    bookingId: id,
    attendees: attendee ? [{ email: attendee.email, noShow }] : [],
    ...(attendee === null && { hostNoShow: noShow }),
  }
}

const LAST_MOMENT = Temporal.PlainTime.from('23:59:59.999')

const timeOfDay = (minute: number) => new Temporal.PlainTime(Math.floor(minute / 60), minute % 60)

export function absencePayload(absence: AbsenceFacts): Record<string, unknown> {
  const { id, firstDate, lastDate, fromMinute, toMinute, reason, note, createdAt, updatedAt, user, redirect } = absence
  const boundary = (date: string, time: Temporal.PlainTime) => {
    const moment = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: user.timeZone, plainTime: time })
    return moment.toInstant().toString({ fractionalSecondDigits: 3 })
  }
  return {
    oooEntry: {
      id,
      start: boundary(firstDate, timeOfDay(fromMinute ?? 0)),
      end: boundary(lastDate, toMinute === null ? LAST_MOMENT : timeOfDay(toMinute)),
      firstDate,
      lastDate,
      ...{ createdAt, updatedAt, notes: note },
      reason: { reason },
      user,
      toUser: redirect,
    },
  }
}

const SAMPLE_START = Date.UTC(2030, 0, 15, 9, 30)

/** What a webhook is tried out with, and what the preview of a template shows: nobody real. */
export function sampleBody(at: Temporal.Instant): Body {
  return { triggerEvent: 'PING', createdAt: at.toString({ fractionalSecondDigits: 3 }), payload: samplePayload() }
}

function samplePayload(): Record<string, unknown> {
  const at = (minutes: number) => instant(SAMPLE_START + minutes * 60_000)
  const language = { locale: 'en' }
  const guest = { name: 'Guest', email: 'guest@example.com', timeZone: 'UTC', language }
  return {
    type: 'Test',
    title: 'Test of a webhook',
    description: '',
    additionalNotes: 'A note',
    customInputs: {},
    startTime: at(0),
    endTime: at(30),
    organizer: {
      id: 0,
      ...guest,
      name: 'Host',
      email: 'host@example.com',
      username: 'host',
      timeFormat: 'HH:mm',
      utcOffset: 0,
    },
    attendees: [{ ...guest, firstName: 'Guest', lastName: '', utcOffset: 0 }],
    responses: { name: { label: 'your_name', value: 'Guest', isHidden: false } },
    userFieldsResponses: {},
    location: 'https://example.com/meeting',
    destinationCalendar: null,
    ...{ uid: 'test', iCalUID: 'test', bookingId: 0, eventTypeId: null, eventTitle: 'Test', eventDescription: '' },
    ...{ price: 0, currency: 'usd', length: 30, status: 'ACCEPTED', requiresConfirmation: false },
    metadata: { videoCallUrl: 'https://example.com/meeting' },
    ...{ cancellationReason: 'A reason', cancelledBy: 'guest@example.com', rejectionReason: 'A reason' },
    ...{ rescheduleStartTime: at(-60), rescheduleEndTime: at(-30) },
  }
}

/** What templates are filled with: keys of the payload beside those around it. */
export function contextOf({ payload, ...body }: Body): Record<string, unknown> {
  return { ...body, ...payload }
}
