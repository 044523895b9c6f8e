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
import { countries, holidaysOf, regions, YEARS_AHEAD } from './rules.ts'
import { type HolidayChoiceInput, holidayChoice } from './schema.ts'
import type { Holiday, HolidayChoice } from './types.ts'

/**
 * Makes public holidays days off. Their dates are worked out here and kept for the years in which slots can lie.
 * @throws invalid_input, unknown_holiday_calendar
 */
export async function chooseHolidays(ctx: Ctx, input: HolidayChoiceInput): Promise<void> {
  const scope = userScope(ctx)
  const choice = await knownChoice(ctx, parseInput(holidayChoice, input))
  const year = yearOf(ctx)
  const days = choice.country === null ? [] : await holidaysOf(choice as Calendar, yearsFrom(year), ctx.locale)
  const rules = new Set(days.map(({ rule }) => rule))
  const off = choice.off.filter((rule) => rules.has(rule))
  await transaction(ctx.db, async (tx) => {
    await touchAvailability(tx, ctx, scope)
    await tx
      .updateTable('host_availability')
      .set({
        holiday_country: choice.country,
        holiday_region: choice.region,
        holidays_off: off,
        holidays: JSON.stringify(worked(days, off)),
        holidays_until: choice.country === null ? null : year + YEARS_AHEAD,
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
    .orderBy('a.user_id')
    .limit(BATCH)
    .execute()
  for (const row of due) {
    if (signal?.aborted || row.holiday_country === null) continue
    const calendar = { country: row.holiday_country, region: row.holiday_region }
    const days = await holidaysOf(calendar, yearsFrom(year), row.locale as Locale)
    await ctx.db
      .updateTable('host_availability')
      .set({
        holidays: JSON.stringify(worked(days, row.holidays_off)),
        holidays_until: year + YEARS_AHEAD,
        updated_at: sql`updated_at + interval '1 microsecond'`,
      })
      .where('user_id', '=', row.user_id)
      // The host who chooses others meanwhile has the last word.
      .where('updated_at', '=', row.updated_at)
      .execute()
  }
}

interface Calendar {
  country: string
  region: string | null
}

async function knownChoice({ locale }: Ctx, choice: HolidayChoice): Promise<HolidayChoice> {
  const { country, region } = choice
  if (country === null) return { country, region: null, off: [] }
  if (!(await countries(locale)).some(({ code }) => code === country)) throw holidayError('unknown_holiday_calendar')
  if (region !== null && !(await regions(country, locale)).some(({ code }) => code === region)) {
    throw holidayError('unknown_holiday_calendar')
  }
  return choice
}

function worked(days: readonly Holiday[], off: readonly string[]): Holiday[] {
  return days.filter(({ rule }) => !off.includes(rule))
}

/** From the year before, whose last day is today somewhere. */
function yearsFrom(year: number): number[] {
  return Array.from({ length: YEARS_AHEAD + 2 }, (_, i) => year - 1 + i)
}

function yearOf({ clock }: Ctx): number {
  return clock.now().toZonedDateTimeISO('UTC').year
}
