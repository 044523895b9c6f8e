import { expect, it } from 'vitest'
import { holidaysOf } from '../rules.ts'
import { HOLIDAY_SETS } from '../types.ts'
import { daysOf } from './rules.ts'

const YEARS = [2026, 2027, 2028, 2029, 2030, 2031, 2032]
const of = (set: (typeof HOLIDAY_SETS)[number]) => holidaysOf({ country: null, region: null, sets: [set] }, YEARS, 'en')

it.each(HOLIDAY_SETS)('each day of the %s set has a name, and a date in every year', async (set) => {
  const found = await of(set)
  for (const [rule, name] of daysOf(set, 'en')) {
    expect(name).not.toMatch(/^schedules\./)
    expect([rule, found.filter((day) => day.name === name).length >= YEARS.length]).toEqual([rule, true])
  }
})

/** As the calendars of the faiths themselves have them. */
it.each([
  ['orthodox', 'Orthodox Easter', ['2026-04-12', '2027-05-02', '2028-04-16', '2029-04-08']],
  ['jewish', 'Yom Kippur', ['2026-09-21', '2027-10-11', '2028-09-30', '2029-09-19']],
  ['jewish', 'Passover, first days', ['2026-04-02', '2027-04-22', '2028-04-11', '2029-03-31']],
  ['christian', 'Easter Sunday', ['2026-04-05', '2027-03-28', '2028-04-16', '2029-04-01']],
  ['lunar', 'Lunar New Year', ['2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13']],
] as const)('%s: %s', async (set, name, starts) => {
  const found = (await of(set)).filter((day) => day.name === name).map(({ start }) => start)
  expect(found.slice(0, 4)).toEqual(starts)
})
