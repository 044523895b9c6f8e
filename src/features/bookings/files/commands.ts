import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import type { NamedUpload } from './types.ts'

/** Keeps the files that an answer of this booking names; what was sent for a question that was not asked is dropped. */
export async function keepFiles(
  tx: Tx,
  { clock }: Pick<Ctx, 'clock'>,
  bookingId: number,
  uploads: readonly NamedUpload[],
): Promise<void> {
  for (const { id, name, bytes } of uploads) {
    await sql`
      insert into booking_files (id, booking_id, name, bytes, created_at)
      select ${id}::uuid, ${bookingId}::int8, ${name}::text, ${Buffer.from(bytes)}::bytea, ${clock.now()}::timestamptz
      where exists (
        select from attendees a
        where a.booking_id = ${bookingId} and a.answers @> ${JSON.stringify([{ file: { id } }])}::jsonb
      )
    `.execute(tx)
  }
}
