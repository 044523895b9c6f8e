import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'

/**
 * What follows a username, or several of them joined by `+`, since their owners have others: `ada+bob` → `ada-king+bob`.
 * @returns null when none of them was given up lately
 */
export async function presentUsernames(db: Db, usernames: string, now: Temporal.Instant): Promise<string | null> {
  const asked = usernames.split('+')
  const moved = await db
    .selectFrom('held_usernames as h')
    .innerJoin('users as u', 'u.id', 'h.user_id')
    .where('h.username', 'in', asked)
    .where('h.until', '>', now)
    .select(['h.username as former', 'u.username as present'])
    .execute()
  if (moved.length === 0) return null
  const present = new Map(moved.map((one) => [one.former, one.present]))
  return asked.map((username) => present.get(username) ?? username).join('+')
}
