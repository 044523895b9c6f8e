import type { DayPicture, DayReason } from '../types.ts'

/** What takes the most days away, of days that are all without a free start; null: they are all over. */
export function mainReason(days: readonly DayPicture[]): DayReason | null {
  const counts = new Map<string, { reason: DayReason; count: number }>()
  for (const [reason] of days.map(({ reasons }) => reasons)) {
    if (!reason || reason.code === 'past') continue
    const found = counts.get(reason.code)
    if (found) found.count++
    else counts.set(reason.code, { reason, count: 1 })
  }
  // Days outside of the hours are no news where others are taken by something.
  const telling = [...counts.values()].filter(({ reason }) => reason.code !== 'closed')
  const [most] = (telling.length > 0 ? telling : [...counts.values()]).sort((a, b) => b.count - a.count)
  return most?.reason ?? null
}
