import type { Explanation } from '#engine/explain.ts'
import { type DateStyle, formatDuration, formatShort, formatTime } from '#ui/dates.ts'
import type { Translate } from '#ui/i18n.ts'
import type { BookingNear } from '../types.ts'

/** One thing that stands in the way of a slot, and where more is to be seen or changed. */
export interface ReasonText {
  text: string
  href?: string
}

interface Words {
  t: Translate
  /** In the zone of the offer. */
  style: DateStyle
  bookings: readonly BookingNear[]
}

type Reason = Explanation['reasons'][number] | Explanation['hosts'][number]['reasons'][number]

/** What the engine says, in sentences; for offers of one host. Empty for a start that is on offer. */
export function reasonTexts({ reasons, hosts }: Explanation, words: Words): ReasonText[] {
  const all: Reason[] = [...reasons.filter(({ code }) => code !== 'hostBusy'), ...hosts.flatMap((host) => host.reasons)]
  const texts = all.map((reason) => textOf(reason, words))
  // A limit closes both the offer and its host.
  return texts.filter(({ text }, i) => texts.findIndex((other) => other.text === text) === i)
}

const HOURS = '/availability'

function textOf(reason: Reason, { t, style, bookings }: Words): ReasonText {
  const at = (time: number) => formatShort(time, style)
  const length = (minutes: number) => formatDuration(minutes, style.locale)
  switch (reason.code) {
    case 'past':
      return { text: t('schedules.why.past') }
    case 'notice':
      return { text: t('schedules.why.notice', { time: length(reason.noticeMinutes), soonest: at(reason.soonest) }) }
    case 'window':
      return { text: t('schedules.why.window', { from: at(reason.from), to: at(reason.to) }) }
    case 'limit':
      return {
        text: t(`schedules.why.limit.${reason.measure}.${reason.unit}`, { limit: reason.limit }),
        href: reason.scope === 'host' ? `${HOURS}/limits` : undefined,
      }
    case 'outsideHours':
      return { text: t(`schedules.why.closed.${reason.source === 'override' ? 'override' : 'weekly'}`), href: HOURS }
    case 'away':
      return reason.kind === 'holiday'
        ? { text: t('schedules.why.holiday', { name: reason.label ?? '' }), href: `${HOURS}/holidays` }
        : { text: t('schedules.why.away'), href: `${HOURS}/away` }
    case 'booking':
      return bookingText(reason.start, 'schedules.why.booking', { t, style, bookings })
    case 'buffer': {
      const { beforeMinutes, afterMinutes } = reason
      const text = t('schedules.why.buffer', {
        ...{ before: length(beforeMinutes), after: length(afterMinutes) },
        ...{ from: formatTime(reason.start, style), to: formatTime(reason.end, style) },
      })
      return { text, href: hrefOf(bookings.find(({ start }) => start === reason.start)) }
    }
    case 'busy':
    case 'held':
      return { text: t('schedules.why.held') }
    case 'restriction':
      return { text: t('schedules.why.restriction', { zone: reason.timeZone }) }
    case 'seatsElsewhere':
      return { text: t('schedules.why.seats', { from: formatTime(reason.start, style) }) }
    case 'notFirstOfDay':
      return { text: t('schedules.why.first', { time: formatTime(reason.first, style) }) }
    case 'offGrid':
      return { text: gridText(reason, t, style) }
    case 'bookerLimit':
      return { text: t('schedules.why.bookerLimit', { limit: reason.limit }) }
    default:
      return { text: t('schedules.why.other') }
  }
}

function bookingText(start: number, key: 'schedules.why.booking', { t, style, bookings }: Words): ReasonText {
  const booking = bookings.find((one) => one.start === start)
  const times = booking
    ? { title: booking.title, from: formatTime(booking.start, style), to: formatTime(booking.end, style) }
    : { title: t('schedules.why.aBooking'), from: formatTime(start, style), to: '' }
  return { text: t(key, times), href: hrefOf(booking) }
}

function hrefOf(booking: BookingNear | undefined): string | undefined {
  return booking && `/bookings/detail/${booking.uid}`
}

function gridText({ before, after }: { before?: number; after?: number }, t: Translate, style: DateStyle): string {
  const near = [before, after].filter((time) => time !== undefined).map((time) => formatShort(time, style))
  return near.length > 0 ? t('schedules.why.grid', { near: near.join(' · ') }) : t('schedules.why.gridNone')
}
