import { z } from 'zod'
import { ownAccount } from '#features/accounts/queries.ts'
import { offerFields, offerNamed } from '#features/availability/schema.ts'
import type { Ctx } from '#platform/ctx.ts'
import { calendarDate, timeZoneName } from '#platform/fields.ts'
import { uidInPath } from '#platform/http/api/fields.ts'
import { openCursor } from '#platform/http/api/pages.ts'
import { defineTool, type Tool } from '#platform/mcp/tool.ts'
import { userScope } from '#platform/scope.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingError } from '../errors.ts'
import { type BookingFilters, filtersOf, STATUSES } from '../filters/schema.ts'
import { type BookingCursor, bookingByUid, listBookings } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { cancelSchema, createBookingSchema, rescheduleSchema } from '../schema.ts'
import { BOOKING_TABS, type Booking } from '../types.ts'
import { presentedToTools, toolBooking } from './tools-present.ts'

const bookingUid = uidInPath.describe('From list_bookings, or from book.')
const start = createBookingSchema.shape.start.describe('RFC 3339 with an offset, exactly as find_slots wrote it.')
const holdToken = z.string().min(1).max(100).optional().describe('From hold_slot, if the time is kept.')

/** @throws booking_not_found */
async function bookingOf(ctx: Ctx, uid: string): Promise<Booking> {
  const booking = await bookingByUid(ctx, uid)
  if (!booking) throw bookingError('booking_not_found')
  return booking
}

const shown = async (ctx: Ctx, uid: string) => presentedToTools(ctx, await bookingOf(ctx, uid))

async function looked(ctx: Ctx, { bookingUid: uid }: { bookingUid: string }) {
  const booking = await bookingOf(ctx, uid)
  return { present: { booking: presentedToTools(ctx, booking) }, version: booking.sequence }
}

const { shape } = createBookingSchema

const book = defineTool({
  name: 'book',
  title: 'Book a time',
  description:
    'Books a free time for somebody and mails them and the host at once. Ask for name and mail address of who it is for: never invent them. A time that is gone is refused with the nearest free ones.',
  access: 'BOOKING_WRITE',
  effect: 'adds',
  input: z.strictObject({
    ...offerFields,
    start,
    duration: shape.duration.describe('Minutes, where the event type has several lengths.'),
    name: shape.name.describe('Of who it is booked for.'),
    email: shape.email.describe('Theirs: the confirmation is mailed there.'),
    timeZone: shape.timeZone.describe('Theirs, such as Europe/Berlin.'),
    guests: shape.guests.describe('Mail addresses of others who come.'),
    notes: shape.notes,
    location: shape.location.describe('`index` among the locations of the event type.'),
    phone: shape.phone.describe('Where the host calls.'),
    place: shape.place.describe(
      'Where the person says the place, as of locations of the kind attendee_address and attendee_text.',
    ),
    answers: shape.answers.describe('By the keys of the questions of the event type.'),
    code: shape.code.describe('Six digits, where a code was mailed to prove the address.'),
    holdToken,
  }),
  output: z.object({ booking: toolBooking }),
  async run(ctx, { eventTypeId, username, eventTypeSlug, holdToken: token, ...wanted }) {
    const offer = offerNamed({ eventTypeId, username, eventTypeSlug })
    const booking = { ...wanted, occurrences: [], quantity: 1, companions: [], metadata: {}, tracking: {} }
    const { uid } = await createBooking(ctx, { offer, booking, locale: ctx.locale, holdToken: token })
    return { booking: await shown(ctx, uid) }
  },
})

const reschedule = defineTool({
  name: 'reschedule',
  title: 'Move a booking',
  description:
    'Moves a booking to another free time and mails everybody who comes. At first it only answers with what would change, for the person to agree to.',
  access: 'BOOKING_WRITE',
  effect: 'changes',
  repeatable: true,
  input: z.strictObject({
    bookingUid,
    start,
    duration: rescheduleSchema.shape.duration.describe('Minutes; absent: as long as it is.'),
    timeZone: rescheduleSchema.shape.timeZone,
    reason: rescheduleSchema.shape.reason.describe('Those who come read it.'),
    holdToken,
  }),
  output: z.object({ booking: toolBooking }),
  confirmation: { look: looked },
  async run(ctx, { bookingUid: uid, ...move }, sequence) {
    await rescheduleBooking(ctx, { uid, sequence, ...move })
    return { booking: await shown(ctx, uid) }
  },
})

const cancel = defineTool({
  name: 'cancel',
  title: 'Cancel a booking',
  description:
    'Cancels a booking and mails everybody who was to come. A host has to give a reason. At first it only answers with what would change, for the person to agree to.',
  access: 'BOOKING_WRITE',
  effect: 'changes',
  repeatable: true,
  input: z.strictObject({
    bookingUid,
    reason: cancelSchema.shape.reason.describe('Those who were to come read it.'),
    following: cancelSchema.shape.following.describe('Of a series: also what comes after it.'),
  }),
  output: z.object({ booking: toolBooking }),
  confirmation: { look: looked },
  async run(ctx, { bookingUid: uid, reason, following }, sequence) {
    await cancelBooking(ctx, { uid, reason, following, sequence })
    return { booking: await shown(ctx, uid) }
  },
})

const get = defineTool({
  name: 'get_booking',
  title: 'Look at a booking',
  description: 'One booking by its uid.',
  access: 'BOOKING_READ',
  effect: 'reads',
  input: z.strictObject({ bookingUid }),
  output: z.object({ booking: toolBooking }),
  run: async (ctx, { bookingUid: uid }) => ({ booking: await shown(ctx, uid) }),
})

const cursorShape = z.tuple([z.string().max(50), z.number().int()])

const list = defineTool({
  name: 'list_bookings',
  title: 'List bookings',
  description:
    'Bookings that the person whose key this is hosts, alone or with others: upcoming, unconfirmed and recurring ones soonest first, others latest first. Recurring ones are the next date of each series.',
  access: 'BOOKING_READ',
  effect: 'reads',
  input: z.strictObject({
    which: z.enum(BOOKING_TABS).default('upcoming'),
    search: z.string().max(200).optional().describe('Words of titles, names and mail addresses; all must be there.'),
    eventTypeId: z.number().int().positive().optional(),
    status: z.enum(STATUSES).optional(),
    from: calendarDate.optional().describe('First day they begin on, YYYY-MM-DD in the time zone.'),
    to: calendarDate.optional().describe('Last day, included.'),
    timeZone: timeZoneName.optional().describe('Of these days; absent: that of the person.'),
    limit: z.number().int().min(1).max(50).default(20),
    cursor: z.string().max(200).optional().describe('`next` of the answer before.'),
  }),
  output: z.object({ bookings: z.array(toolBooking), next: z.string().nullable() }),
  async run(ctx, { which, limit, cursor, timeZone, ...wanted }) {
    const scope = userScope(ctx)
    const dated = wanted.from !== undefined || wanted.to !== undefined
    const zone = timeZone ?? (dated ? (await ownAccount(scope, ctx.db)).timeZone : 'UTC')
    const after = cursor === undefined ? undefined : cursorOf(openCursor(cursor, cursorShape))
    const narrowed = { filters: narrowedBy(wanted), timeZone: zone }
    const search = { tab: which, now: ctx.clock.now(), narrowed, size: limit, ...(after && { after }) }
    const { bookings, next } = await listBookings(ctx.db, scope, search)
    return {
      bookings: bookings.map((one) => presentedToTools(ctx, one)),
      next: next && Buffer.from(JSON.stringify([next.at, next.id])).toString('base64url'),
    }
  },
})

const cursorOf = ([at, id]: [string, number]): BookingCursor => ({ at, id })

type Wanted = { search?: string | undefined } & {
  [F in Exclude<keyof BookingFilters, 'words'>]?: BookingFilters[F] | undefined
}

function narrowedBy({
  search = '',
  eventTypeId = null,
  status = null,
  from = null,
  to = null,
}: Wanted): BookingFilters {
  const { words } = filtersOf(new URLSearchParams({ q: search }))
  return { words, eventTypeId, status, from, to }
}

export const bookingTools: readonly Tool[] = [book, reschedule, cancel, get, list]
