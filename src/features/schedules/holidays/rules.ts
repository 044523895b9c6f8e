import { Temporal } from 'temporal-polyfill'
import type { Locale } from '#platform/i18n/locale.ts'
import type { Holiday, Place } from './types.ts'

/** Slots are computed three years ahead. */
export const YEARS_AHEAD = 4
/** Half days are no days off. */
const SHORTEST = 20 * 3_600_000
const DAY = 86_400_000

/** The data of the whole world takes much memory, so it is loaded when somebody asks for it. */
async function calendars() {
  return (await import('date-holidays')).default
}

/** By name. */
export async function countries(locale: Locale): Promise<Place[]> {
  const Calendar = await calendars()
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' })
  const known = new Calendar().getCountries(locale) ?? {}
  return byName(
    Object.entries(known).map(([code, name]) => ({ code, name: names.of(code) ?? name })),
    locale,
  )
}

/** States of a country and the regions in them, by name; empty where holidays are the same everywhere. */
export async function regions(country: string, locale: Locale): Promise<Place[]> {
  const Calendar = await calendars()
  const world = new Calendar()
  const places = Object.entries(world.getStates(country, locale) ?? {}).flatMap(([state, name]) => [
    { code: state, name },
    ...Object.entries(world.getRegions(country, state, locale) ?? {}).map(([region, part]) => ({
      code: `${state}.${region}`,
      name: `${name}, ${part}`,
    })),
  ])
  return byName(places, locale)
}

function byName(places: Place[], locale: Locale): Place[] {
  const { compare } = new Intl.Collator(locale)
  return places.sort((a, b) => compare(a.name, b.name))
}

/** The public holidays of whole days, in order; half days, bank and school holidays are none. */
export async function holidaysOf(
  { country, region }: { country: string; region: string | null },
  years: readonly number[],
  locale: Locale,
): Promise<Holiday[]> {
  const Calendar = await calendars()
  const [state = '', part = ''] = (region ?? '').split('.')
  const calendar = new Calendar(country, state, part)
  const found = years
    .flatMap((year) => calendar.getHolidays(year, locale))
    .filter(({ type, start, end }) => type === 'public' && end.getTime() - start.getTime() >= SHORTEST)
    .map(({ rule, name, date, start, end }) => {
      const first = date.slice(0, 10)
      return { rule, name, start: first, end: later(first, Math.round((end.getTime() - start.getTime()) / DAY) - 1) }
    })
  const seen = new Map(found.map((holiday) => [`${holiday.start} ${holiday.rule}`, holiday]))
  return [...seen.values()].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
}

function later(date: string, days: number): string {
  return days < 1 ? date : Temporal.PlainDate.from(date).add({ days }).toString()
}
