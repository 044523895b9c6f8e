import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { touchAvailability } from '../commands.ts'
import { holidayError } from './errors.ts'
import { holidaysChanged } from './events.ts'
import { countries, daysOff, holidaysOf, knownSets, regions, YEARS_AHEAD } from './rules.ts'
import { type HolidayChoiceInput, holidayChoice } from './schema.ts'
import type { HolidayChoice } from './types.ts'

/**
 * Makes public holidays days off. Their dates are worked out here and kept for the years in which slots can lie.
 * @throws invalid_input, unknown_holiday_calendar
 */
export async function chooseHolidays(ctx: Ctx, input: HolidayChoiceInput): Promise<void> {
  const scope = userScope(ctx)
  const choice = await knownChoice(ctx, parseInput(holidayChoice, input))
  const year = yearOf(ctx)
  const days = await holidaysOf(choice, yearsFrom(year), ctx.locale)
  const rules = new Set(days.map(({ rule }) => rule))
  const off = choice.off.filter((rule) => rules.has(rule))
  const halves = Object.fromEntries(
    Object.entries(choice.halves).filter(([rule]) => rules.has(rule) && !off.includes(rule)),
  )
  const none = choice.country === null && choice.sets.length === 0
  await transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    await tx
      .updateTable('host_availability')
      .set({
        holiday_country: choice.country,
        holiday_region: choice.region,
        holidays_off: off,
        holiday_sets: choice.sets,
        holiday_halves: JSON.stringify(halves),
        holidays: JSON.stringify(daysOff(days, { off, halves })),
        holidays_until: none ? null : year + YEARS_AHEAD,
      })
      .where('user_id', '=', scope.userId)
      .execute()
    await emit(tx, ctx, holidaysChanged, { userId: scope.userId })
  })
}

const BATCH = 50

/** Works out the years that have come within reach since. Does nothing for most of the year. */
export async function prolongHolidays(ctx: Ctx, signal?: AbortSignal): Promise<void> {
  const year = yearOf(ctx)
  const due = await ctx.db
    .selectFrom('host_availability as a')
    .innerJoin('users as u', 'u.id', 'a.user_id')
    .where('a.holidays_until', '<', year + YEARS_AHEAD)
    .select(['a.user_id', 'a.holiday_country', 'a.holiday_region', 'a.holidays_off', 'a.updated_at', 'u.locale'])
    .select(['a.holiday_sets', 'a.holiday_halves'])
    .orderBy('a.user_id')
    .limit(BATCH)
    .execute()
  for (const row of due) {
    if (signal?.aborted) return
    const calendar = { country: row.holiday_country, region: row.holiday_region, sets: knownSets(row.holiday_sets) }
    const days = await holidaysOf(calendar, yearsFrom(year), row.locale as Locale)
    await ctx.db
      .updateTable('host_availability')
      .set({
        holidays: JSON.stringify(daysOff(days, { off: row.holidays_off, halves: row.holiday_halves })),
        holidays_until: year + YEARS_AHEAD,
        updated_at: sql`updated_at + interval '1 microsecond'`,
      })
      .where('user_id', '=', row.user_id)
      // The host who chooses others meanwhile has the last word.
      .where('updated_at', '=', row.updated_at)
      .execute()
  }
}

async function knownChoice({ locale }: Ctx, choice: HolidayChoice): Promise<HolidayChoice> {
  const { country, region } = choice
  if (country === null) return { ...choice, region: null }
  if (!(await countries(locale)).some(({ code }) => code === country)) throw holidayError('unknown_holiday_calendar')
  if (region !== null && !(await regions(country, locale)).some(({ code }) => code === region)) {
    throw holidayError('unknown_holiday_calendar')
  }
  return choice
}

/** From the year before, whose last day is today somewhere. */
function yearsFrom(year: number): number[] {
  return Array.from({ length: YEARS_AHEAD + 2 }, (_, i) => year - 1 + i)
}

function yearOf({ clock }: Ctx): number {
  return clock.now().toZonedDateTimeISO('UTC').year
}
