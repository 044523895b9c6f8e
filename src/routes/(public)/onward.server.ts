import { bookerOf, placeOf } from '#features/bookings/entries/types.ts'
import type { Booking } from '#features/bookings/types.ts'
import type { EventTypeOptions } from '#features/event-types/types.ts'

/**
 * Where the booker goes after booking. With `forward` the address says what was booked, under the names that pages made for Cal.com know;
 * what the booking page was called with (`utm_…`) comes along then, and never in the place of a fact.
 */
export function onwardAddress(
  { url, forward }: NonNullable<EventTypeOptions['redirect']>,
  booking: Booking,
  brought: URLSearchParams,
): string {
  if (!forward) return url
  const address = new URL(url)
  for (const [name, value] of [...brought, ...Object.entries(factsOf(booking))]) {
    if (value) address.searchParams.set(name, value)
  }
  return address.href
}

function factsOf(booking: Booking): Record<string, string> {
  const booker = bookerOf(booking)
  const [firstName = '', ...others] = booker.name.split(' ')
  const guests = booking.attendees.filter((one) => one.kind === 'guest').map((one) => one.email)
  return {
    uid: booking.uid,
    title: booking.title,
    description: booking.notes,
    startTime: booking.start.toString(),
    endTime: booking.end.toString(),
    attendeeStartTime: localTime(booking, booker.timeZone),
    hostStartTime: localTime(booking, booking.host.timeZone),
    location: placeOf(booking.location),
    attendeeName: booker.name,
    attendeeFirstName: firstName,
    attendeeLastName: others.join(' '),
    email: booker.email,
    guestEmails: guests.join(','),
    hostName: booking.host.name,
    eventTypeSlug: booking.eventType?.slug ?? '',
    status: booking.status,
  }
}

/** RFC 3339 with the offset that the zone has then. */
function localTime({ start }: Booking, timeZone: string): string {
  return start.toZonedDateTimeISO(timeZone).toString({ timeZoneName: 'never' })
}
