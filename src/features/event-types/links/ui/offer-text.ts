import { type DateStyle, formatDay, formatTime, localDateOf, zoneLabel } from '#ui/dates.ts'

/** Chosen times as they are pasted into a mail. */
export interface OfferText {
  html: string
  plain: string
}

export interface OfferedTimes {
  /** Epoch ms, in order. */
  starts: readonly number[]
  /** Address of the page that books them, without query. */
  address: string
  /** Minutes, when it is not what the page offers by itself. */
  duration: number | null
  style: DateStyle
  /** Sentences before and after the times, already in the language of the mail. */
  lead: string
  ending: string
}

/** Every time is a link that opens the booking form at that time, read in the zone of the text. */
export function offerText({ starts, address, duration, style, lead, ending }: OfferedTimes): OfferText {
  const zone = zoneLabel(style.timeZone, starts[0] ?? 0)
  const days = daysOf(starts, style.timeZone).map((times) => ({
    day: formatDay(times[0] ?? 0, style),
    times: times.map((start) => ({
      text: formatTime(start, style),
      href: deepLink(address, start, { duration, timeZone: style.timeZone }),
    })),
  }))
  const rows = days.map(
    ({ day, times }) =>
      `<p><strong>${escaped(day)}</strong><br>${times
        .map(({ text, href }) => `<a href="${escaped(href)}">${escaped(text)}</a>`)
        .join(' &nbsp;·&nbsp; ')}</p>`,
  )
  const lines = days.map(({ day, times }) => [day, ...times.map(({ text, href }) => `  ${text}  ${href}`)].join('\n'))
  return {
    html: `<p>${escaped(lead)}<br>${escaped(zone)}</p>${rows.join('')}<p>${escaped(ending)}<br><a href="${escaped(address)}">${escaped(address)}</a></p>`,
    plain: [`${lead}\n${zone}`, ...lines, `${ending}\n${address}`].join('\n\n'),
  }
}

/** Opens the form of a booking page at one time. */
export function deepLink(
  address: string,
  start: number,
  { duration, timeZone }: { duration: number | null; timeZone: string },
): string {
  const query = new URLSearchParams({ slot: new Date(start).toISOString().replace('.000', ''), 'cal.tz': timeZone })
  if (duration !== null) query.set('duration', String(duration))
  return `${address}?${query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/')}`
}

function daysOf(starts: readonly number[], timeZone: string): number[][] {
  return [...Map.groupBy(starts, (start) => localDateOf(start, timeZone)).values()]
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter)
}
