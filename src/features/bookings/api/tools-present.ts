import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { localTime, zonedText } from '#platform/mcp/fields.ts'
import { untrusted, untrustedText } from '#platform/mcp/untrusted.ts'
import { answerText } from '../answers/types.ts'
import { partyOf } from '../policy.ts'
import { hostIdsOf } from '../queries.ts'
import type { Booking, BookingLocation } from '../types.ts'

const LONGEST_LINE = 200
const LONGEST_TEXT = 2000
const MOST_ATTENDEES = 25
const MOST_ANSWERS = 50

/** A booking as an assistant reads it. */
export const toolBooking = z
  .object({
    uid: z.string(),
    status: z.enum(['pending', 'accepted', 'rejected', 'cancelled']),
    start: localTime,
    end: localTime,
    timeZone: z.string().describe('In which the times are written.'),
    eventTypeId: z.number().int().nullable(),
    hosts: z.array(z.string()).describe('Usernames.'),
    youHost: z.boolean().describe('Otherwise the key only knows of it by its uid.'),
    url: z.string(),
    attendeeCount: z.number().int(),
    untrusted: untrusted({
      title: z.string(),
      location: z.string().nullable(),
      attendees: z
        .array(z.object({ name: z.string(), email: z.string(), timeZone: z.string() }))
        .describe(`The first ${MOST_ATTENDEES}; for hosts only.`),
      notes: z.string(),
      answers: z.array(z.object({ question: z.string(), answer: z.string() })),
      reason: z.string().describe('Why it was moved, rejected or cancelled.'),
    }),
  })
  .meta({ id: 'ToolBooking' })

export type ToolBooking = z.input<typeof toolBooking>

/** Whoever only holds the uid sees what its page shows: nothing of who else comes. */
export function presentedToTools({ actor, config }: Ctx, booking: Booking): ToolBooking {
  const { uid, status, start, end, timeZone, eventType, host, coHosts } = booking
  const youHost = partyOf(actor, hostIdsOf(booking)) === 'host'
  const attendees = youHost ? booking.attendees : []
  return {
    ...{ uid, status, timeZone, youHost, url: `${config.url.origin}/booking/${uid}` },
    start: zonedText(start.epochMilliseconds, timeZone),
    end: zonedText(end.epochMilliseconds, timeZone),
    eventTypeId: eventType?.id ?? null,
    hosts: [host, ...coHosts].map(({ username }) => username),
    attendeeCount: booking.attendees.length,
    untrusted: {
      title: line(booking.title),
      location: booking.location && line(placeOf(booking.location)),
      attendees: attendees
        .slice(0, MOST_ATTENDEES)
        .map((one) => ({ name: line(one.name), email: line(one.email), timeZone: one.timeZone })),
      notes: untrustedText(booking.notes, LONGEST_TEXT),
      answers: attendees
        .flatMap(({ answers }) => answers)
        .slice(0, MOST_ANSWERS)
        .map((answer) => ({ question: line(answer.label), answer: untrustedText(answerText(answer), LONGEST_TEXT) })),
      reason: untrustedText(booking.reason, LONGEST_TEXT),
    },
  }
}

const line = (text: string) => untrustedText(text, LONGEST_LINE).replaceAll('\n', ' ')

function placeOf(location: BookingLocation): string {
  if (location.kind === 'in_person') return location.address
  if (location.kind === 'link') return location.url
  return 'phone' in location ? location.phone : location.place
}
