import { noonOf } from '#ui/dates.ts'

const STYLE = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const

/** `Tue, 24 – Wed, 25 Nov 2026`; without an end `from Tue, 24 Nov 2026` as the message has it. Dates are YYYY-MM-DD. */
export function dateRangeText(first: string, last: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, STYLE).formatRange(noonOf(first), noonOf(last))
}

/** `Tue, 24 Nov 2026` */
export function dateText(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, STYLE).format(noonOf(date))
}

/** `12:30` or `12:30 PM`, of a minute of the day, as is usual in the language. */
export function clockText(minute: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    minute * 60_000,
  )
}
