import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import { isOpen } from '../links/queries.ts'
import type { HourCycle } from '../types.ts'

/** Somebody who wants a mail about each month. */
export interface DigestReader {
  id: number
  name: string
  email: string
  locale: string
  timeZone: string
  hourCycle: HourCycle
  brandColor: string | null
  since: Temporal.Instant
}

/** For the worker: those who want it, in the order of their ids, beginning behind one. */
export async function digestReaders(db: Db, { after, most }: { after: number; most: number }): Promise<DigestReader[]> {
  const rows = await select(db).where('id', '>', after).orderBy('id').limit(most).execute()
  return rows.map(readerOf)
}

/** Null when they do not want it any more, or are gone. */
export async function digestReader(db: Db, id: number): Promise<DigestReader | null> {
  const row = await select(db).where('id', '=', id).executeTakeFirst()
  return row ? readerOf(row) : null
}

function select(db: Db) {
  return db
    .selectFrom('users')
    .where('monthly_digest_since', 'is not', null)
    .where(isOpen)
    .select(['id', 'name', 'email', 'locale', 'time_zone as timeZone', 'hour_cycle as hourCycle'])
    .select(['brand_color as brandColor', 'monthly_digest_since as since'])
}

function readerOf(row: Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>): DigestReader {
  return { ...row, since: row.since as Temporal.Instant }
}
