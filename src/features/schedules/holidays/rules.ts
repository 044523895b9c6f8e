import type Holidays from 'date-holidays'
import { Temporal } from 'temporal-polyfill'
import type { Locale } from '#platform/i18n/locale.ts'
import { daysOf } from './sets/rules.ts'
import { type Half, HOLIDAY_SETS, type Holiday, type HolidayChoice, type HolidaySet, type Place } from './types.ts'

/** Slots are computed three years ahead. */
export const YEARS_AHEAD = 4
/** Milliseconds; days that change their clocks are shorter. */
const WHOLE_DAY = 20 * 3_600_000
const MINUTES = 1440
const NOON = 720
/** Between the name of a set and a rule of it; rules of countries have none. */
const OF_SET = ': '
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

/** Whose holidays they are. */
interface Calendars {
  country: string | null
  region: string | null
  sets: readonly HolidaySet[]
}

/** The public holidays of a place and of some sets, in order, those of half a day included; bank and school holidays are none. */
export async function holidaysOf(
  { country, region, sets }: Calendars,
  years: readonly number[],
  locale: Locale,
): Promise<Holiday[]> {
  const Calendar = await calendars()
  const [state = '', part = ''] = (region ?? '').split('.')
  const local = country === null ? [] : found(new Calendar(country, state, part), years, locale)
  const common = sets.flatMap((set) => {
    const calendar = new Calendar()
    for (const [rule, name] of daysOf(set, locale))
      calendar.setHoliday(rule, { name: { [locale]: name }, type: 'public' })
    return found(calendar, years, locale).map((holiday) => ({ ...holiday, rule: `${set}${OF_SET}${holiday.rule}` }))
  })
  const all = [...local, ...common]
  const seen = new Map(all.map((holiday) => [`${holiday.start} ${holiday.rule}`, holiday]))
  return [...seen.values()].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
}

function found(calendar: Holidays, years: readonly number[], locale: Locale): Holiday[] {
  return years
    .flatMap((year) => calendar.getHolidays(year, locale))
    .filter(({ type }) => type === 'public')
    .map(({ rule, name, date, start, end }) => {
      const first = date.slice(0, 10)
      const length = end.getTime() - start.getTime()
      if (length < WHOLE_DAY) return { rule, name, start: first, end: first, ...hoursOf(date, length) }
      return { rule, name, start: first, end: later(first, Math.round(length / DAY) - 1) }
    })
}

/** Of less than a day, as on the 24th of December in some countries. @param date `2026-12-24 12:00:00` */
function hoursOf(date: string, length: number): Pick<Holiday, 'fromMinute' | 'toMinute'> {
  const [hour = 0, minute = 0] = date.slice(11, 16).split(':').map(Number)
  const from = hour * 60 + minute
  const to = from + Math.round(length / 60_000)
  return { ...(from > 0 && { fromMinute: from }), ...(to < MINUTES && { toMinute: to }) }
}

export function isOfSet(rule: string): boolean {
  return rule.includes(OF_SET)
}

/** Of those kept with a host, which another version may know more of. */
export function knownSets(kept: readonly string[]): HolidaySet[] {
  return HOLIDAY_SETS.filter((set) => kept.includes(set))
}

/** The days that are off: all but those worked on, and of some one half. */
export function daysOff(days: readonly Holiday[], { off, halves }: Pick<HolidayChoice, 'off' | 'halves'>): Holiday[] {
  return days.filter(({ rule }) => !off.includes(rule)).map((day) => halved(day, halves[day.rule]))
}

function halved({ fromMinute, toMinute, ...day }: Holiday, half: Half | undefined): Holiday {
  if (half === 'morning') return { ...day, toMinute: NOON }
  if (half === 'afternoon') return { ...day, fromMinute: NOON }
  return { ...day, ...(fromMinute !== undefined && { fromMinute }), ...(toMinute !== undefined && { toMinute }) }
}

function later(date: string, days: number): string {
  return days < 1 ? date : Temporal.PlainDate.from(date).add({ days }).toString()
}
