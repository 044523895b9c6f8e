import { type SqlBool, sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { absenceError } from './errors.ts'
import type { Absence, AbsenceRedirect, PublicAbsence } from './types.ts'

const PAGE = 50

export interface AbsencePage {
  absences: Absence[]
  /** Where the next page begins; null when this is the last. */
  next: string | null
}

/**
 * Absences that are not over on `today`, the nearest first, or those that are, the latest first.
 * `after` is the `next` of the page before.
 */
export async function listAbsences(
  db: Db,
  scope: UserScope,
  { over, today, after }: { over: boolean; today: string; after?: string | null },
): Promise<AbsencePage> {
  const from = keyOf(after)
  const rows = await ownAbsences(db, scope)
    .where('a.last_date', over ? '<' : '>=', today)
    .$if(from !== null, (query) =>
      query.where(
        sql<SqlBool>`(a.first_date, a.id) ${sql.raw(over ? '<' : '>')} (${from?.date}::date, ${from?.id}::int8)`,
      ),
    )
    .orderBy('a.first_date', over ? 'desc' : 'asc')
    .orderBy('a.id', over ? 'desc' : 'asc')
    .limit(PAGE + 1)
    .execute()
  const absences = rows.slice(0, PAGE).map(presented)
  const last = absences.at(-1)
  return { absences, next: rows.length > PAGE && last ? `${last.firstDate}.${last.id}` : null }
}

/** @throws absence_not_found, whoever else may own it */
export async function findAbsence(db: Db, scope: UserScope, id: number): Promise<Absence> {
  const row = await ownAbsences(db, scope).where('a.id', '=', id).executeTakeFirst()
  if (!row) throw absenceError('absence_not_found')
  return presented(row)
}

/** What the page of a host says about an absence on the host's present day; null when the host is there. */
export async function publicAbsence(db: Db, username: string, now: Temporal.Instant): Promise<PublicAbsence | null> {
  const wall = sql`(${now}::timestamptz at time zone u.time_zone)`
  const today = sql<string>`${wall}::date`
  const minute = sql`extract(epoch from ${wall}::time) / 60`
  const row = await absences(db)
    .innerJoin('users as u', 'u.id', 'a.user_id')
    .where('u.username', '=', username)
    .where('a.first_date', '<=', today)
    .where('a.last_date', '>=', today)
    .where(sql<SqlBool>`(a.first_date < ${today} or coalesce(a.from_minute, 0) <= ${minute})`)
    .where(sql<SqlBool>`(a.last_date > ${today} or ${minute} < coalesce(a.to_minute, 1440))`)
    .orderBy('a.last_date', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? publicPart(presented(row)) : null
}

/** What may be told to strangers. */
function publicPart({ firstDate, lastDate, fromMinute, toMinute, redirect, ...own }: Absence): PublicAbsence {
  const { reason, ownReason, note } = own.public ? own : SILENT
  return { firstDate, lastDate, fromMinute, toMinute, reason, ownReason, note, redirect }
}

const SILENT = { reason: 'unspecified', ownReason: '', note: '' } as const

function keyOf(text: string | null | undefined): { date: string; id: number } | null {
  const match = /^(\d{4}-\d\d-\d\d)\.(\d{1,15})$/.exec(text ?? '')
  return match?.[1] && match[2] ? { date: match[1], id: Number(match[2]) } : null
}

function ownAbsences(db: Db, { userId }: UserScope) {
  return absences(db).where('a.user_id', '=', userId)
}

function absences(db: Db) {
  return db
    .selectFrom('absences as a')
    .leftJoin('users as r', 'r.id', 'a.redirect_user_id')
    .select([
      'a.id',
      'a.first_date',
      'a.last_date',
      'a.from_minute',
      'a.to_minute',
      'a.reason',
      'a.own_reason',
      'a.note',
      'a.public',
      'a.redirect_url',
      'r.username as redirect_username',
      'r.name as redirect_name',
      'a.updated_at',
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof absences>['execute']>>[number]

function presented(row: Row): Absence {
  return {
    id: row.id,
    firstDate: row.first_date,
    lastDate: row.last_date,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
    reason: row.reason,
    ownReason: row.own_reason,
    note: row.note,
    public: row.public,
    redirect: redirectOf(row),
    version: row.updated_at.toString(),
  }
}

function redirectOf({ redirect_url, redirect_username, redirect_name }: Row): AbsenceRedirect {
  if (redirect_username !== null) return { kind: 'host', username: redirect_username, name: redirect_name ?? '' }
  return redirect_url === null ? null : { kind: 'url', url: redirect_url }
}
