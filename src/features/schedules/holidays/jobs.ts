import type { PeriodicWork } from '#platform/periodic.ts'
import { prolongHolidays } from './commands.ts'

/** Every few hours is often enough for what becomes due once a year, and soon enough for many hosts. */
export const holidayUpkeep: PeriodicWork = {
  name: 'holidays.prolong',
  everySeconds: 6 * 3600,
  run: prolongHolidays,
}
