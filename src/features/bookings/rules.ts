import { TITLE_KEY } from '../event-types/questions/types.ts'
import { type EventType, type EventTypeOptions, fillTitle } from '../event-types/types.ts'
import { type Answer, answerText } from './answers/types.ts'
import { placeOf as entryPlaceOf } from './entries/types.ts'
import { type Booking, type BookingLocation, type BookingStatus, HOST_ACTS, type HostAct } from './types.ts'

const MINUTE = 60_000

export interface Present {
  status: BookingStatus
  /** Epoch milliseconds. */
  start: number
  /** Epoch milliseconds. */
  end: number
  sequence: number
  rescheduleRequested: boolean
}

/** A booking as the rules look at it. */
export function presentOf({ status, start, end, sequence, rescheduleRequested }: Booking): Present {
  return { status, sequence, rescheduleRequested, start: start.epochMilliseconds, end: end.epochMilliseconds }
}

export type Refusal =
  | 'already_cancelled'
  | 'already_rejected'
  | 'already_confirmed'
  | 'already_moved'
  | 'already_over'
  | 'cancelling_not_offered'
  | 'rescheduling_not_offered'
  | 'too_late_to_reschedule'

export type Decision = { ok: true } | { ok: false; reason: Refusal }

const yes: Decision = { ok: true }
const no = (reason: Refusal): Decision => ({ ok: false, reason })

/**
 * Only what still stands and is not over can be acted on, and only by who knows how it stands: `seen` is the version that was looked
 * at, absent when nobody looked.
 */
function standing({ status, end, sequence }: Present, now: number, seen: number | undefined): Decision {
  if (status === 'cancelled') return no('already_cancelled')
  if (status === 'rejected') return no('already_rejected')
  if (end <= now) return no('already_over')
  if (seen !== undefined && seen !== sequence) return no('already_moved')
  return yes
}

export function mayCancel(booking: Present, now: number, seen?: number): Decision {
  return standing(booking, now, seen)
}

/** Confirm and reject answer a request; there is nothing to answer once it was. */
export function mayAnswer(booking: Present, now: number, seen?: number): Decision {
  return booking.status === 'accepted' && booking.end > now ? no('already_confirmed') : standing(booking, now, seen)
}

/** A booking whose host asked for another time may be moved although cancelled. */
export function mayReschedule(booking: Present, now: number, seen?: number): Decision {
  if (booking.status === 'cancelled' && booking.rescheduleRequested) return yes
  return standing(booking, now, seen)
}

/** What the event type lets its bookers do; hosts are not bound by it. */
export type Terms = Pick<EventTypeOptions, 'cancelling' | 'rescheduling'>

export type Party = 'host' | 'attendee'

export function mayBeCancelledBy(by: Party, booking: Present, now: number, terms: Terms, seen?: number): Decision {
  const decision = mayCancel(booking, now, seen)
  return decision.ok && by === 'attendee' && !terms.cancelling ? no('cancelling_not_offered') : decision
}

/** What is over or was cancelled may be booked again by moving it, where the event type says so. */
export function mayBeMovedBy(
  by: Party,
  booking: Present,
  now: number,
  { rescheduling }: Terms,
  seen?: number,
): Decision {
  const decision = mayReschedule(booking, now, seen)
  if (by === 'host' || (booking.status === 'cancelled' && booking.rescheduleRequested)) return decision
  if (!rescheduling.allowed) return no('rescheduling_not_offered')
  if (decision.ok) return booking.start - now < rescheduling.notice * MINUTE ? no('too_late_to_reschedule') : yes
  const waived =
    (decision.reason === 'already_over' && rescheduling.past) ||
    (decision.reason === 'already_cancelled' && rescheduling.cancelled)
  return waived ? yes : decision
}

export function mayRequestAnotherTime(booking: Present, now: number, seen?: number): Decision {
  return standing(booking, now, seen)
}

/** What its host can do with a booking now, in the order in which it is offered. */
export function openActs(booking: Present & { offered: boolean; shared: boolean }, now: number): HostAct[] {
  const allowed: Record<HostAct, boolean> = {
    confirm: mayAnswer(booking, now).ok,
    reject: mayAnswer(booking, now).ok,
    // Without its event type there are no slots to move it to.
    reschedule: booking.offered && mayReschedule(booking, now).ok,
    // Of several who share it nobody can choose for all.
    'request-time': booking.offered && !booking.shared && mayRequestAnotherTime(booking, now).ok,
    // A request is rejected rather than cancelled.
    cancel: booking.status === 'accepted' && mayCancel(booking, now).ok,
  }
  return HOST_ACTS.filter((act) => allowed[act])
}

/** Whether numbers of bookings decide, so that two at once must not both be counted as the last one. */
export function isLimited({ limits, bookerLimit }: EventTypeOptions): boolean {
  return bookerLimit !== null || [limits.bookings, limits.minutes].some((one) => Object.keys(one).length > 0)
}

/** A booking for this start waits for the host. */
export function needsConfirmation(
  { requiresConfirmation, confirmWithin }: Pick<EventType, 'requiresConfirmation' | 'confirmWithin'>,
  start: number,
  now: number,
): boolean {
  return requiresConfirmation && (confirmWithin === null || start - now < confirmWithin * MINUTE)
}

interface TitleParts {
  host: string
  booker: string
  location: BookingLocation | null
  /** Minutes. */
  duration: number
  answers: readonly Answer[]
}

/**
 * The title of a booking: its event type's template filled in, else what the booker calls it, else what the event type is called. A name in
 * braces that means nothing stays as it is.
 */
export function titleOf(
  eventType: Pick<EventType, 'title' | 'titleTemplate' | 'questions'>,
  parts: TitleParts,
): string {
  if (eventType.titleTemplate === '') {
    const named = parts.answers.find(({ key }) => key === TITLE_KEY)
    return (named && answerText(named).trim()) || eventType.title
  }
  const values: Record<string, string> = {
    ...Object.fromEntries(eventType.questions.map(({ key }) => [key, ''])),
    ...Object.fromEntries(parts.answers.map((answer) => [answer.key, answerText(answer)])),
    event: eventType.title,
    host: parts.host,
    'host first name': firstName(parts.host),
    booker: parts.booker,
    'booker first name': firstName(parts.booker),
    'booker last name': parts.booker.split(' ').slice(1).join(' '),
    location: placeOf(parts.location),
    duration: String(parts.duration),
  }
  return fillTitle(eventType.titleTemplate, values)
}

const firstName = (name: string) => name.split(' ')[0] ?? ''

function placeOf(location: BookingLocation | null): string {
  return location?.label || entryPlaceOf(location)
}
