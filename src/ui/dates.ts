export type HourCycle = 'h12' | 'h23'

/** How one person reads dates and times. */
export interface DateStyle {
  locale: string
  /** IANA name. */
  timeZone: string
  hourCycle: HourCycle
}

const formats = new Map<string, Intl.DateTimeFormat>()
const amounts = new Map<string, Intl.NumberFormat>()
/** Visitors name languages and zones in endless spellings, so what is kept for them must have an end. */
const MOST_KEPT = 500

/** Making a format costs more than using it a hundred times. */
function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  let made = all.get(key)
  if (!made) {
    made = make()
    if (all.size >= MOST_KEPT) all.clear()
    all.set(key, made)
  }
  return made
}

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(formats, locale + JSON.stringify(options), () => new Intl.DateTimeFormat(locale, options))
}

const CLOCK = { hour: 'numeric', minute: '2-digit' } as const
const FULL_DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const

/** A 24-hour clock that writes 9:00 as 09:00, as tables of times do. */
function clock({ timeZone, hourCycle }: Omit<DateStyle, 'locale'>): Intl.DateTimeFormatOptions {
  return { ...CLOCK, ...(hourCycle === 'h23' && { hour: '2-digit' }), timeZone, hourCycle }
}

/** `9:30 am` or `09:30`. Instants are epoch milliseconds. */
export function formatTime(at: number, { locale, ...style }: DateStyle): string {
  return format(locale, clock(style)).format(at)
}

/** `Thursday, 26 November 2026` */
export function formatDay(at: number, { locale, timeZone }: Omit<DateStyle, 'hourCycle'>): string {
  return format(locale, { ...FULL_DAY, timeZone }).format(at)
}

/** `Thursday, 26 November 2026 at 09:30` */
export function formatDayTime(at: number, { locale, ...style }: DateStyle): string {
  return format(locale, { ...FULL_DAY, ...clock(style) }).format(at)
}

/** `Thu, 26 Nov, 09:30`, to choose among days that are near. */
export function formatBrief(at: number, { locale, ...style }: DateStyle): string {
  return format(locale, { weekday: 'short', day: 'numeric', month: 'short', ...clock(style) }).format(at)
}

/** `09:30 – 10:00` */
export function formatTimeRange(start: number, end: number, { locale, ...style }: DateStyle): string {
  return format(locale, clock(style)).formatRange(start, end)
}

/** `26 Nov 2026, 09:30`, for lists and small print. */
export function formatShort(at: number, { locale, ...style }: DateStyle): string {
  return format(locale, { day: 'numeric', month: 'short', year: 'numeric', ...clock(style) }).format(at)
}

/** A date (`YYYY-MM-DD`) as an instant at which Intl in UTC shows that date. */
export function noonOf(date: string): number {
  return Date.parse(`${date}T12:00:00Z`)
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return localDateOf(noonOf(date) + days * 86_400_000, 'UTC')
}

/** The month (`YYYY-MM`) so many months later. */
export function addMonths(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** 0 = Sunday. 1 January 1970 was a Thursday. */
export function weekdayOf(date: string): number {
  return (((Math.floor(noonOf(date) / 86_400_000) + 4) % 7) + 7) % 7
}

/** `Thursday, 26 November` of a date without a time or zone. */
export function formatDate(date: string, locale: string): string {
  return format(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(noonOf(date))
}

/** `November 2026` of `YYYY-MM`. */
export function formatMonth(month: string, locale: string): string {
  return format(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(noonOf(`${month}-01`))
}

/** Seven names from `weekStart` (0 = Sunday) on. */
export function weekdayNames(locale: string, weekStart: number, width: 'long' | 'short' | 'narrow' = 'long'): string[] {
  // 4 January 1970 was a Sunday.
  return Array.from({ length: 7 }, (_, i) =>
    format(locale, { weekday: width, timeZone: 'UTC' }).format(Date.UTC(1970, 0, 4 + weekStart + i, 12)),
  )
}

/** The date (`YYYY-MM-DD`) that a calendar on the wall shows in a zone at an instant. */
export function localDateOf(at: number, timeZone: string): string {
  // `11/26/2026`, cut up: asking Intl for the parts takes four times as long, and pages ask for hundreds of dates.
  const text = format('en-US', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(at)
  return `${text.slice(6).padStart(4, '0')}-${text.slice(0, 2)}-${text.slice(3, 5)}`
}

/** The hour, 0 to 23, that a clock on the wall shows in a zone at an instant. */
export function hourOf(at: number, timeZone: string): number {
  return Number(format('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(at))
}

/** `45 minutes`, `1 hour 30 minutes`; short: `45 min`, `1 hr 30 min`. */
export function formatDuration(minutes: number, locale: string, width: 'long' | 'short' = 'long'): string {
  const unit = (value: number, name: string) =>
    kept(
      amounts,
      `${locale} ${name} ${width}`,
      () => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: width }),
    ).format(value)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return [hours > 0 && unit(hours, 'hour'), (rest > 0 || hours === 0) && unit(rest, 'minute')].filter(Boolean).join(' ')
}

/** `GMT+1`, `GMT-3:30`; `GMT` where runtimes differ over how to write zero. */
export function offsetOf(timeZone: string, at: number): string {
  const parts = format('en', { timeZone, timeZoneName: 'shortOffset', hour: 'numeric' }).formatToParts(at)
  return parts.find((part) => part.type === 'timeZoneName')?.value.replace(/[+-]0$/, '') ?? ''
}

/** `Europe/Berlin` → `Berlin`, `America/Argentina/Buenos_Aires` → `Buenos Aires` */
export function cityOf(timeZone: string): string {
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')
}

/** `Berlin (GMT+1)` */
export function zoneLabel(timeZone: string, at: number): string {
  return timeZone === 'UTC' ? 'UTC' : `${cityOf(timeZone)} (${offsetOf(timeZone, at)})`
}

/** `Central European Standard Time` */
export function zoneName(timeZone: string, locale: string, at: number): string {
  return (
    format(locale, { timeZone, timeZoneName: 'long', hour: 'numeric' })
      .formatToParts(at)
      .find((part) => part.type === 'timeZoneName')?.value ?? timeZone
  )
}

/** Whether Intl knows the zone here. */
export function isTimeZone(value: string): boolean {
  try {
    format('en', { timeZone: value })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
