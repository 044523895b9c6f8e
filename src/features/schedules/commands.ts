import type { Tx } from '#platform/db/transaction.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { WeeklyHours } from './types.ts'

/** Monday to Friday, 9 to 17. */
const OFFICE_HOURS: WeeklyHours[] = [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }]

/** The first schedule of a new account, in the transaction that creates the account. Returns its id. */
export async function createDefaultSchedule(
  tx: Tx,
  { userId, timeZone, locale }: { userId: number; timeZone: string; locale: Locale },
): Promise<number> {
  const { id } = await tx
    .insertInto('schedules')
    .values({
      user_id: userId,
      name: translatorFor(locale)('schedules.default_name'),
      time_zone: timeZone,
      weekly: JSON.stringify(OFFICE_HOURS),
      overrides: '[]',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx.updateTable('users').set({ default_schedule_id: id }).where('id', '=', userId).execute()
  return id
}
