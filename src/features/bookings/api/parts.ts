import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { negotiateLocale } from '#platform/i18n/locale.ts'
import { userScope } from '#platform/scope.ts'
import { aftercareOf } from '../aftercare/queries.ts'
import { addGuests, changeLocation } from '../changes/commands.ts'
import { calendarLinks } from '../entries/links.ts'
import { placeOf, summaryOf } from '../entries/types.ts'
import { bookingError } from '../errors.ts'
import { bookingById } from '../queries.ts'
import type { Booking } from '../types.ts'
import { presentedAttendees } from './present.ts'
import { presentedOne, requireOwn } from './queries.ts'
import {
  attendeeParams,
  bookingParams,
  locationChange,
  newAttendee,
  newGuests,
  reassignment,
  reassignParams,
  referencesQuery,
  type WireLocation,
} from './requests.ts'
import {
  bookingAttendee,
  bookingReference,
  calendarLink,
  oneBooking,
  oneBookingAttendee,
  recording,
  videoSession,
  type WireAttendee,
} from './schema.ts'
import { bookingVersions } from './versions.ts'

const common = { tag: 'Bookings', versions: bookingVersions } as const
const read = { ...common, method: 'get', access: 'BOOKING_READ', params: bookingParams } as const
const write = { ...common, method: 'post', access: 'BOOKING_WRITE', params: bookingParams } as const
const STANDING = [
  ...(['booking_not_found', 'own_bookings_only', 'not_accepted'] as const),
  ...(['already_cancelled', 'already_rejected', 'already_over'] as const),
]

async function attendeesOf(ctx: Ctx, booking: Booking): Promise<WireAttendee[]> {
  const { noShows } = await aftercareOf(ctx.db, userScope(ctx), booking.id)
  return presentedAttendees(booking, noShows)
}

const listAttendees = defineApiRoute({
  ...read,
  path: '/bookings/{bookingUid}/attendees',
  operationId: 'getBookingAttendees',
  summary: 'Who comes',
  data: z.array(bookingAttendee),
  refusals: ['booking_not_found'],
  async run(ctx, { params }) {
    const all = await attendeesOf(ctx, await requireOwn(ctx, params.bookingUid))
    return { data: all.map(({ bookingId, ...attendee }) => attendee) }
  },
})

const getAttendee = defineApiRoute({
  ...read,
  path: '/bookings/{bookingUid}/attendees/{attendeeId}',
  operationId: 'getBookingAttendee',
  summary: 'One of those who come',
  params: attendeeParams,
  data: oneBookingAttendee,
  refusals: ['booking_not_found', 'attendee_not_found'],
  async run(ctx, { params: { bookingUid, attendeeId } }) {
    const all = await attendeesOf(ctx, await requireOwn(ctx, bookingUid))
    const found = all.find(({ id }) => id === attendeeId)
    if (!found) throw bookingError('attendee_not_found')
    return { data: found }
  },
})

const addAttendee = defineApiRoute({
  ...write,
  path: '/bookings/{bookingUid}/attendees',
  operationId: 'addBookingAttendee',
  summary: 'Invite somebody else',
  description: 'As a guest, who gets the invitation.',
  body: newAttendee,
  status: 201,
  data: oneBookingAttendee,
  refusals: [...STANDING, 'guests_not_offered', 'guest_already_invited', 'too_many_guests'],
  async run(ctx, { params: { bookingUid }, body }) {
    await requireOwn(ctx, bookingUid)
    const [id] = await inWireNames(
      { 'guests.0': '', 'guests.0.email': 'email', 'guests.0.name': 'name', 'guests.0.timeZone': 'timeZone' },
      addGuests(ctx, bookingUid, { guests: [guestOf(body)] }),
    )
    const added = (await attendeesOf(ctx, await requireOwn(ctx, bookingUid))).find((one) => one.id === id)
    if (!added) throw bookingError('attendee_not_found')
    return { data: added }
  },
})

const inviteGuests = defineApiRoute({
  ...write,
  path: '/bookings/{bookingUid}/guests',
  operationId: 'addBookingGuests',
  summary: 'Invite guests',
  description: 'They get the invitation, and nobody else is bothered.',
  body: newGuests,
  data: oneBooking,
  refusals: [...STANDING, 'guests_not_offered', 'guest_already_invited', 'too_many_guests'],
  async run(ctx, { params: { bookingUid }, body }) {
    const { id } = await requireOwn(ctx, bookingUid)
    await addGuests(ctx, bookingUid, { guests: body.guests.map(guestOf) })
    return { data: await presentedOne(ctx, await bookingById(ctx.db, id)) }
  },
})

function guestOf({ language, ...guest }: z.output<typeof newGuests>['guests'][number]) {
  return { ...guest, ...(language !== undefined && { locale: negotiateLocale(language) }) }
}

const moveElsewhere = defineApiRoute({
  ...write,
  method: 'patch',
  path: '/bookings/{bookingUid}/location',
  operationId: 'updateBookingLocation',
  summary: 'Move a booking to another place',
  description: 'Everybody is told.',
  body: locationChange,
  data: oneBooking,
  refusals: STANDING,
  async run(ctx, { params: { bookingUid }, body: { location } }) {
    const { id } = await requireOwn(ctx, bookingUid)
    const { kind, text, name } = placeIn(location)
    await inWireNames({ text: `location.${name}` }, changeLocation(ctx, bookingUid, { kind, text }))
    return { data: await presentedOne(ctx, await bookingById(ctx.db, id)) }
  },
})

function placeIn(location: WireLocation) {
  switch (location.type) {
    case 'address':
      return { kind: 'in_person', text: location.address, name: 'address' }
    case 'attendeeAddress':
      return { kind: 'attendee_address', text: location.address, name: 'address' }
    case 'attendeeDefined':
      return { kind: 'attendee_text', text: location.location, name: 'location' }
    case 'attendeePhone':
      return { kind: 'attendee_phone', text: location.phone, name: 'phone' }
    case 'phone':
      return { kind: 'host_phone', text: location.phone, name: 'phone' }
    case 'link':
      return { kind: 'link', text: location.link, name: 'link' }
  }
}

const getCalendarLinks = defineApiRoute({
  ...read,
  path: '/bookings/{bookingUid}/calendar-links',
  operationId: 'getBookingCalendarLinks',
  summary: 'Links that put it into calendars',
  data: z.array(calendarLink),
  refusals: ['booking_not_found'],
  async run(ctx, { params: { bookingUid } }) {
    const booking = await requireOwn(ctx, bookingUid)
    const page = new URL(`/booking/${booking.uid}`, ctx.config.url).href
    const [start, end] = [booking.start.epochMilliseconds, booking.end.epochMilliseconds]
    const entry = { title: titleIn(booking), start, end, details: page, location: placeOf(booking.location) }
    const links = calendarLinks(entry).map(({ name, href }) => ({ label: LABELS[name] ?? name, link: href }))
    return { data: [...links, { label: 'Download ICS', link: `${page}/calendar.ics` }] }
  },
})

/** Names that clients choose a link by. */
const LABELS: Record<string, string> = {
  Google: 'Google Calendar',
  Outlook: 'Microsoft Outlook',
  'Office 365': 'Microsoft Office',
}

/** An entry names the booker; of a booking that nobody is left in, there is the title. */
function titleIn(booking: Booking): string {
  return booking.attendees.some(({ kind }) => kind === 'booker') ? summaryOf(booking) : booking.title
}

/** What connected calendars and video services would have of it: nothing, as long as none can be connected. */
const references = defineApiRoute({
  ...read,
  path: '/bookings/{bookingUid}/references',
  operationId: 'getBookingReferences',
  summary: 'Its entries in connected calendars and services',
  query: referencesQuery,
  data: z.array(bookingReference),
  refusals: ['booking_not_found'],
  run: (ctx, { params }) => nothingOf(ctx, params.bookingUid),
})

const recordings = defineApiRoute({
  ...read,
  path: '/bookings/{bookingUid}/recordings',
  operationId: 'getBookingRecordings',
  summary: 'Recordings of its video call',
  description: 'Empty for calls over links, of which nothing is recorded here.',
  data: z.array(recording),
  refusals: ['booking_not_found'],
  run: (ctx, { params }) => nothingOf(ctx, params.bookingUid),
})

const transcripts = defineApiRoute({
  ...read,
  path: '/bookings/{bookingUid}/transcripts',
  operationId: 'getBookingTranscripts',
  summary: 'Transcripts of its video call',
  description: 'Empty for calls over links, of which nothing is written down here.',
  data: z.array(z.string()),
  refusals: ['booking_not_found'],
  run: (ctx, { params }) => nothingOf(ctx, params.bookingUid),
})

const sessions = defineApiRoute({
  ...read,
  path: '/bookings/{bookingUid}/conferencing-sessions',
  operationId: 'getBookingVideoSessions',
  summary: 'Who was in its video call, and when',
  description: 'Empty for calls over links, which say nothing of it.',
  data: z.array(videoSession),
  refusals: ['booking_not_found'],
  run: (ctx, { params }) => nothingOf(ctx, params.bookingUid),
})

async function nothingOf(ctx: Ctx, uid: string): Promise<{ data: never[] }> {
  await requireOwn(ctx, uid)
  return { data: [] }
}

const reassign = defineApiRoute({
  ...write,
  path: '/bookings/{bookingUid}/reassign',
  operationId: 'reassignBooking',
  summary: 'Hand a booking to another host',
  description: 'Event types have one host so far: it is always refused.',
  data: oneBooking,
  refusals: ['booking_not_found', 'nobody_to_reassign_to'],
  run: (ctx, { params }) => refuseToReassign(ctx, params.bookingUid),
})

const reassignTo = defineApiRoute({
  ...write,
  path: '/bookings/{bookingUid}/reassign/{userId}',
  operationId: 'reassignBookingToUser',
  summary: 'Hand a booking to a certain host',
  description: 'Event types have one host so far: it is always refused.',
  params: reassignParams,
  body: reassignment,
  data: oneBooking,
  refusals: ['booking_not_found', 'nobody_to_reassign_to'],
  run: (ctx, { params }) => refuseToReassign(ctx, params.bookingUid),
})

async function refuseToReassign(ctx: Ctx, uid: string): Promise<never> {
  await requireOwn(ctx, uid)
  throw bookingError('nobody_to_reassign_to')
}

export const partRoutes: readonly ApiRoute[] = [
  ...[listAttendees, getAttendee, addAttendee, inviteGuests, moveElsewhere, getCalendarLinks],
  ...[references, recordings, transcripts, sessions, reassign, reassignTo],
]
