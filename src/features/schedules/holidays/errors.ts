import { errorTable } from '#platform/errors.ts'

export const holidayError = errorTable({
  /** There is no calendar of holidays for this country or region. */
  unknown_holiday_calendar: 'invalid',
})
