import type { Recipient } from './types.ts'

type Reader = Pick<Recipient, 'locale' | 'timeZone' | 'hourCycle'>

/** Epoch milliseconds. */
interface Span {
  start: number
  end: number
}

/** A 24-hour clock writes 9:00 as 09:00. */
function clockOf({ locale, hourCycle }: Reader): Intl.DateTimeFormatOptions {
  const cycle = hourCycle ?? new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hourCycle
  return { hour: cycle === 'h23' ? '2-digit' : 'numeric', minute: '2-digit', hourCycle: cycle }
}

/**
 * ["Wednesday, August 12, 2026", "2:00 – 2:30 PM"]; one line with both dates when it goes past midnight.
 */
export function fullTime({ start, end }: Span, reader: Reader): string[] {
  const { locale, timeZone } = reader
  const day = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone } as const
  const clock = clockOf(reader)
  const days = new Intl.DateTimeFormat(locale, day)
  const startDay = days.format(start)
  if (startDay !== days.format(end)) {
    return [plainSpaces(new Intl.DateTimeFormat(locale, { ...day, ...clock }).formatRange(start, end))]
  }
  return [startDay, new Intl.DateTimeFormat(locale, { ...clock, timeZone }).formatRange(start, end)].map(plainSpaces)
}

/** "30 minutes", "1 hour", "1 hour, 30 minutes". */
export function length({ start, end }: Span, { locale }: Pick<Reader, 'locale'>): string {
  const minutes = Math.round((end - start) / 60_000)
  const units = [
    ['hour', Math.floor(minutes / 60)],
    ['minute', minutes % 60],
  ] as const
  const words = units
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count))
  return new Intl.ListFormat(locale, { type: 'unit', style: 'long' }).format(words)
}

/** "Wed, Aug 12, 2:00 PM", for a subject. */
export function shortTime({ start }: Span, reader: Reader): string {
  const day = { weekday: 'short', day: 'numeric', month: 'short', timeZone: reader.timeZone } as const
  return plainSpaces(new Intl.DateTimeFormat(reader.locale, { ...day, ...clockOf(reader) }).format(start))
}

/** "Central European Summer Time (Europe/Berlin)": by name, as it is called on that day, and as a setting. */
export function zoneName({ start }: Span, { locale, timeZone }: Reader): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).formatToParts(start)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return name === '' || name === timeZone ? timeZone : `${name} (${timeZone})`
}

/** ICU puts thin and unbreakable spaces into times, which some mail programs show as boxes. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00A0\u2009\u202F]/g, ' ')
}
