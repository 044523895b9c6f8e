import type { Db } from '#platform/db/connect.ts'
import type { Booking } from '../types.ts'

/** A file that an answer of this booking names; null for every other. */
export async function fileOf(
  db: Db,
  { attendees }: Pick<Booking, 'attendees'>,
  id: string,
): Promise<{ name: string; bytes: Buffer } | null> {
  const answers = attendees.flatMap((attendee) => attendee.answers)
  if (!answers.some(({ file }) => file?.id === id)) return null
  const row = await db.selectFrom('booking_files').where('id', '=', id).select(['name', 'bytes']).executeTakeFirst()
  return row ?? null
}
