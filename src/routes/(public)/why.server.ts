import type { RequestEvent } from '@sveltejs/kit'
import { Temporal } from 'temporal-polyfill'
import { askedCode, explainPublicly } from '#features/availability/explained/queries.ts'
import { nearestStarts } from '#features/availability/starts/queries.ts'
import { isoOf } from '#features/bookings/ui/booker.ts'
import { NO_EVENT_TYPE } from '#features/event-types/types.ts'
import { formatBrief, formatDayTime, localDateOf, zoneLabel } from '#ui/dates.ts'
import { visitorZone } from './asked.server.ts'
import { facePlate } from './face.server.ts'
import type { Offered } from './offered.server.ts'
import { habitsOfVisitor } from './visitor.server.ts'

const ASKED = { name: 'why-asked', attempts: 30, seconds: 60 }
const MOST_NEAR = 6

/** Why an offer has no slot at the day and the time of the address, as far as its visitors may know. @throws rate_limited */
export async function whyPage(event: RequestEvent, offered: Offered, path: string) {
  const { ctx } = event.locals
  const { offer } = offered
  const { searchParams } = event.url
  const { eventType } = offer
  const { timeZone } = visitorZone(event, offer)
  const { locale, hourCycle } = habitsOfVisitor(ctx.locale, event.request.headers.get('accept-language'), event.cookies)
  const now = ctx.clock.now().epochMilliseconds
  const wished = Number(searchParams.get('duration'))
  const duration = eventType.durations.includes(wished) ? wished : (eventType.durations[0] as number)
  const day = dateOf(searchParams.get('day'))
  const time = timeOf(searchParams.get('time'))
  const style = { locale, timeZone, hourCycle }
  return {
    face: facePlate(event, offer.host),
    ...{ title: eventType.title, path, locale, duration, durations: eventType.durations },
    day: day ?? localDateOf(now, timeZone),
    time: time ?? '09:00',
    zone: zoneLabel(timeZone, now),
    zoneName: timeZone,
    answer: day && time ? await answerTo(`${day}T${time}`) : null,
  }

  async function answerTo(at: string) {
    await ctx.rateLimiter.consume(ASKED, ctx.clientAddress)
    const start = Temporal.PlainDateTime.from(at).toZonedDateTime(timeZone).epochMilliseconds
    const own = { ...offered.own, timeZone }
    const told = await explainPublicly(ctx, offer, duration, start, own)
    const near = told.offered ? [start] : await nearestStarts(ctx, offer, duration, start, MOST_NEAR, own)
    const length: [string, string][] = duration === eventType.durations[0] ? [] : [['duration', String(duration)]]
    return {
      ...told,
      when: formatDayTime(start, style),
      near: near.map((slot) => ({
        label: formatBrief(slot, style),
        href: `${path}?${new URLSearchParams([...length, ['cal.tz', timeZone], ['slot', isoOf(slot)]])}`,
      })),
      // What several hosts offer together none of them can look into.
      code: eventType.id === NO_EVENT_TYPE ? null : askedCode(ctx, { eventTypeId: eventType.id, duration, start }),
    }
  }
}

/** Years in which times are offered or were. */
function dateOf(text: string | null): string | null {
  if (text === null || !/^20\d\d-\d\d-\d\d$/.test(text)) return null
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch (reason) {
    if (reason instanceof RangeError) return null
    throw reason
  }
}

const timeOf = (text: string | null) => (text !== null && /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : null)
