import type { Db } from '#platform/db/connect.ts'
import type { Booking } from '../types.ts'

/** What somebody agreed to with a booking, in markdown. Null when nobody of this booking agreed to that version. */
export async function acceptedText(
  db: Db,
  { attendees }: Pick<Booking, 'attendees'>,
  version: string,
): Promise<{ label: string; text: string } | null> {
  const answer = attendees.flatMap(({ answers }) => answers).find(({ accepted }) => accepted?.version === version)
  if (!answer) return null
  const { text } = await db
    .selectFrom('policy_texts')
    .where('version', '=', version)
    .select('text')
    .executeTakeFirstOrThrow()
  return { label: answer.label, text }
}
