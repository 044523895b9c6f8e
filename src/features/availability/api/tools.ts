import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { invalidInput } from '#platform/errors.ts'
import { calendarDate, timeZoneName } from '#platform/fields.ts'
import { localTime, zonedText } from '#platform/mcp/fields.ts'
import { defineTool, type Tool } from '#platform/mcp/tool.ts'
import { availabilityError } from '../errors.ts'
import { placeHold, releaseHold } from '../holds/commands.ts'
import { loadOffer, type OfferKey } from '../queries.ts'
import { offerFields, offerNamed } from '../schema.ts'
import { listSeats, nextStart } from '../starts/queries.ts'
import type { Offer } from '../types.ts'

const USUAL_DAYS = 7
const MOST_DAYS = 62
const MOST_SLOTS = 200
const LONGEST_HOLD = 60

const minutes = z.number().int().min(1).max(1440)
const duration = minutes.optional().describe('Minutes, where the event type has several lengths.')
const zone = timeZoneName
  .optional()
  .describe('Of the person who books, such as Europe/Berlin; absent: that of the host. Times are written in it.')

const find = defineTool({
  name: 'find_slots',
  title: 'Find free times',
  description:
    'Free times of an event type: exactly what can be booked now. Without dates, those of the next seven days. When there are none, `nextFree` is the first one after.',
  access: 'any_key',
  effect: 'reads',
  input: z.strictObject({
    ...offerFields,
    from: calendarDate.optional().describe('First day, YYYY-MM-DD in the time zone; absent: today.'),
    to: calendarDate.optional().describe(`Last day, included; at most ${MOST_DAYS} days after the first.`),
    duration,
    timeZone: zone,
    limit: z.number().int().min(1).max(MOST_SLOTS).default(50),
  }),
  output: z.object({
    timeZone: z.string(),
    duration: z.number().int(),
    slots: z.array(z.object({ start: localTime, seatsLeft: z.number().int().optional() })),
    more: z.boolean().describe('There are more in these days than were asked for.'),
    nextFree: localTime.nullable().describe('When these days have none: the first that there is.'),
  }),
  async run(ctx, input) {
    const offer = await offerBehind(ctx, offerNamed(input))
    const timeZone = input.timeZone ?? offer.hours.timeZone
    const span = spanOf(ctx, input, timeZone)
    const length = input.duration ?? (offer.eventType.durations[0] as number)
    const own = { timeZone: input.timeZone }
    const { starts, left } = await listSeats(ctx, offer, length, span, own)
    const after = starts.length > 0 ? null : await nextStart(ctx, offer, length, span.end, own)
    const { seats } = offer.eventType
    return {
      ...{ timeZone, duration: length, more: starts.length > input.limit },
      slots: starts.slice(0, input.limit).map((start) => ({
        start: zonedText(start, timeZone),
        ...(seats?.showFree && { seatsLeft: left.get(start) ?? seats.count }),
      })),
      nextFree: after === null ? null : zonedText(after, timeZone),
    }
  },
})

/** @throws invalid_input */
function spanOf({ clock }: Ctx, { from, to }: { from?: string; to?: string }, timeZone: string) {
  const first = from ? Temporal.PlainDate.from(from) : clock.now().toZonedDateTimeISO(timeZone).toPlainDate()
  const last = to ? Temporal.PlainDate.from(to) : first.add({ days: USUAL_DAYS - 1 })
  const { days } = first.until(last)
  if (days < 0 || days > MOST_DAYS) {
    const code = days < 0 ? 'ends_before_it_begins' : 'field_too_large'
    throw invalidInput([{ path: 'to', code, message: code, values: { max: MOST_DAYS } }])
  }
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).epochMilliseconds
  return { start: midnight(first), end: midnight(last.add({ days: 1 })) }
}

/** @throws event_type_not_found */
async function offerBehind({ db }: Ctx, key: OfferKey): Promise<Offer> {
  const offer = await loadOffer(db, key)
  if (!offer) throw availabilityError('event_type_not_found')
  return offer
}

const hold = defineTool({
  name: 'hold_slot',
  title: 'Keep a free time',
  description:
    'Keeps a free time for some minutes, while you ask the person. Give the token to book, and release_hold if nothing comes of it. Where seats are shared it keeps one.',
  access: 'BOOKING_WRITE',
  effect: 'adds',
  input: z.strictObject({
    ...offerFields,
    start: z.iso.datetime({ offset: true, error: 'not_an_instant' }).describe('From find_slots.'),
    duration,
    timeZone: zone,
    minutes: minutes.max(LONGEST_HOLD).optional().describe('For how long, of your own event types only; else five.'),
  }),
  output: z.object({
    held: z.literal(true),
    token: z.string(),
    start: localTime,
    expiresAt: localTime,
  }),
  async run(ctx, { start, duration: length, timeZone, minutes: kept, ...named }) {
    const offer = offerNamed(named)
    const wish = { offer, start: Date.parse(start), duration: length, timeZone, minutes: kept }
    const made = await placeHold(ctx, wish)
    const shown = (at: number) => zonedText(at, timeZone ?? 'UTC')
    return { held: true as const, token: made.token, start: shown(made.start), expiresAt: shown(made.expiresAt) }
  },
})

const release = defineTool({
  name: 'release_hold',
  title: 'Let a kept time go',
  description: 'Gives back a time that hold_slot keeps. `released` is false when it was over already.',
  access: 'BOOKING_WRITE',
  effect: 'changes',
  repeatable: true,
  input: z.strictObject({ token: z.string().min(1).max(100) }),
  output: z.object({ released: z.boolean() }),
  run: async (ctx, { token }) => ({ released: await releaseHold(ctx, token) }),
})

export const slotTools: readonly Tool[] = [find, hold, release]
