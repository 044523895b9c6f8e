import type { Ctx } from '#platform/ctx.ts'
import type { UserScope } from '#platform/scope.ts'
import { countries, holidaysOf, isOfSet, knownSets, regions } from './rules.ts'
import type { Holiday, HolidayChoice, Place } from './types.ts'

export interface HolidayView {
  choice: HolidayChoice
  countries: Place[]
  /** Of the chosen country. */
  regions: Place[]
  /** All of them in the year from `today` on, switched off or not. */
  coming: Holiday[]
}

/** One statement; the calendars themselves come with the program. `country` and `region` show another choice before it is made. */
export async function holidayView(
  ctx: Ctx,
  { userId }: UserScope,
  { today, preview }: { today: string; preview?: Pick<HolidayChoice, 'country' | 'region' | 'sets'> },
): Promise<HolidayView> {
  const row = await ctx.db
    .selectFrom('host_availability')
    .where('user_id', '=', userId)
    .select(['holiday_country', 'holiday_region', 'holidays_off', 'holiday_sets', 'holiday_halves'])
    .executeTakeFirst()
  const saved = { country: row?.holiday_country ?? null, region: row?.holiday_region ?? null }
  const all = await countries(ctx.locale)
  const { country, region, sets } = preview ?? { ...saved, sets: knownSets(row?.holiday_sets ?? []) }
  const known = all.some((one) => one.code === country) ? country : null
  const parts = known === null ? [] : await regions(known, ctx.locale)
  const part = parts.some((one) => one.code === region) ? region : null
  const year = Number(today.slice(0, 4))
  const until = `${year + 1}${today.slice(4)}`
  const days = await holidaysOf({ country: known, region: part, sets }, [year - 1, year, year + 1], ctx.locale)
  const same = saved.country === known && saved.region === part
  // What is said of a holiday of another country is not meant for one of this.
  const off = (row?.holidays_off ?? []).filter((rule) => same || isOfSet(rule))
  const halves = Object.fromEntries(Object.entries(row?.holiday_halves ?? {}).filter(([rule]) => same || isOfSet(rule)))
  return {
    choice: { country: known, region: part, off, sets, halves },
    countries: all,
    regions: parts,
    coming: days.filter(({ start, end }) => end >= today && start <= until),
  }
}
