import type { Offer } from '#features/availability/types.ts'
import type { PublicAbsence } from '#features/schedules/away/types.ts'
import { addMonths, localDateOf, noonOf } from '#ui/dates.ts'

/** What visitors are told of an absence, in their language. */
export interface Away {
  /** `24–26 November 2026` */
  dates: string
  reason: PublicAbsence['reason']
  /** The host's own words for it. */
  ownReason: string
  note: string
  /** Where the host sends visitors meanwhile. */
  redirect: { href: string; name: string } | null
}

const MOST = 3
const MINUTE = 60_000
const midnightOf = (date: string) => noonOf(date) - 720 * MINUTE
const TIMES = { hour: 'numeric', minute: '2-digit' } as const
const DATES = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const

/** Of the absences that are not over, those in the month that is shown, and the present one. */
export function awayIn({ absences, hours }: Offer, now: number, month: string, locale: string): Away[] {
  const today = localDateOf(now, hours.timeZone)
  const [first, beyond] = [`${month}-01`, `${addMonths(month, 1)}-01`]
  return absences
    .filter(({ firstDate, lastDate }) => lastDate >= today && firstDate < beyond)
    .filter(({ firstDate, lastDate }) => lastDate >= first || firstDate <= today)
    .slice(0, MOST)
    .map((absence) => awayOf(absence, locale))
}

export function awayOf(
  { firstDate, lastDate, fromMinute, toMinute, reason, ownReason, note, redirect }: PublicAbsence,
  locale: string,
): Away {
  const isPart = fromMinute !== null || toMinute !== null
  // A minute before the end of a whole day: its midnight would be read as another date.
  const [start, end] = [
    midnightOf(firstDate) + (fromMinute ?? 0) * MINUTE,
    midnightOf(lastDate) + (toMinute ?? 1439) * MINUTE,
  ]
  const dates = new Intl.DateTimeFormat(locale, isPart ? { ...DATES, ...TIMES } : DATES).formatRange(start, end)
  return { dates, reason, ownReason, note, redirect: redirectOf(redirect) }
}

function redirectOf(redirect: PublicAbsence['redirect']): Away['redirect'] {
  if (redirect === null) return null
  if (redirect.kind === 'host') return { href: `/${redirect.username}`, name: redirect.name }
  return { href: redirect.url, name: new URL(redirect.url).host }
}
