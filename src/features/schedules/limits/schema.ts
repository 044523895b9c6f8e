import { z } from 'zod'

const MOST = 100_000
const PERIODS = ['day', 'week', 'month', 'year'] as const

const most = z.number().int().min(1).max(MOST).optional()

const perPeriod = z.strictObject({ day: most, week: most, month: most, year: most }).superRefine((limits, check) => {
  const set = PERIODS.filter((period) => limits[period] !== undefined)
  const shrinking = set.find((period, i) => {
    const shorter = set[i - 1]
    return shorter !== undefined && (limits[period] as number) < (limits[shorter] as number)
  })
  if (shrinking) check.addIssue({ code: 'custom', path: [shrinking], params: { code: 'limit_below_shorter_period' } })
})

/** A longer period never has less than a shorter one. */
export const hostLimits = z.strictObject({ bookings: perPeriod, minutes: perPeriod })
export type HostLimitsInput = z.input<typeof hostLimits>
