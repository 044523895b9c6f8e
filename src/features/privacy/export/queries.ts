import { type RawBuilder, sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Db } from '#platform/db/connect.ts'
import { CALENDAR_HEAD, CALENDAR_TAIL, eventText } from '#platform/icalendar.ts'
import type { UserScope } from '#platform/scope.ts'
import { type FiledBooking, pagesOfEntries } from '../../bookings/entries/queries.ts'
import { entryOf, placeOf } from '../../bookings/entries/types.ts'
import { EXPORTED, type ExportedPart, type ExportedTable } from './rules.ts'

const AT_ONCE = 500
const FORMAT = 'sundial-export/1'

interface Exporting {
  now: Temporal.Instant
  /** Public address of this instance. */
  url: URL
}

/**
 * Everything somebody owns as one JSON object, piece by piece: a statement for each 500 rows of a table, and never more of them in
 * memory. Pages are found behind the last row, so what changes meanwhile neither repeats nor hides another row.
 */
export async function* exportEverything(db: Db, scope: UserScope, { now, url }: Exporting): AsyncGenerator<string> {
  yield `{"format":${JSON.stringify(FORMAT)},"exported_at":${JSON.stringify(now.toString())},"instance":${JSON.stringify(url.origin)}`
  for (const table of EXPORTED) {
    yield `,\n${JSON.stringify(table.name)}:[`
    let first = true
    for await (const rows of pagesOf(db, scope, table)) {
      yield `${first ? '\n' : ',\n'}${rows.join(',\n')}`
      first = false
    }
    yield ']'
  }
  yield '\n}\n'
}

/** Pages that have rows, each row as the text of an object. */
async function* pagesOf(db: Db, { userId }: UserScope, exported: ExportedTable): AsyncGenerator<string[]> {
  const { key } = exported
  for (let after: string[] | null = null; ; ) {
    const { rows }: { rows: { row: string; at: string[] }[] } = await sql<{ row: string; at: string[] }>`
      select ${objectOf(exported)}::text as row, array[${sql.join(key.map((column) => sql`${sql.ref(`t.${column}`)}::text`))}] as at
      from ${sql.table(exported.table)} t
      where ${ownedBy(exported, userId)} ${after === null ? sql`` : sql`and ${beyond(key, after)}`}
      order by ${sql.join(key.map((column) => sql.ref(`t.${column}`)))} limit ${AT_ONCE}`.execute(db)
    if (rows.length > 0) yield rows.map(({ row }) => row)
    if (rows.length < AT_ONCE) return
    after = rows.at(-1)?.at ?? null
  }
}

function ownedBy({ owner }: ExportedTable, userId: number): RawBuilder<unknown> {
  if (typeof owner === 'string') return sql`${sql.ref(`t.${owner}`)} = ${userId}`
  return sql`exists (select from ${sql.table(owner.table)} o
    where o.id = ${sql.ref(`t.${owner.column}`)} and ${sql.ref(`o.${owner.owner}`)} = ${userId})`
}

function beyond(key: readonly string[], after: readonly string[]): RawBuilder<unknown> {
  const columns = sql.join(key.map((column) => sql.ref(`t.${column}`)))
  return sql`(${columns}) > (${sql.join([...after])})`
}

function objectOf({ columns, within = [] }: ExportedTable): RawBuilder<unknown> {
  const own = columns.map((column) => sql`${sql.lit(column)}, ${columnOf('t', column)}`)
  const parts = within.map((part) => sql`${sql.lit(part.name)}, ${partOf(part)}`)
  return sql`json_build_object(${sql.join([...own, ...parts])})`
}

function partOf({ table, columns, of, order }: ExportedPart): RawBuilder<unknown> {
  const object = sql`json_build_object(${sql.join(columns.map((column) => sql`${sql.lit(column)}, ${columnOf('p', column)}`))})`
  return sql`(select coalesce(json_agg(${object} order by ${sql.ref(`p.${order}`)}), '[]')
    from ${sql.table(table)} p where ${sql.ref(`p.${of}`)} = t.id)`
}

/** Bytes as base64. */
function columnOf(alias: string, column: string): RawBuilder<unknown> {
  const ref = sql.ref(`${alias}.${column}`)
  return column === 'bytes' ? sql`encode(${ref}, 'base64')` : sql`${ref}`
}

/**
 * Every booking of a host as an iCalendar file, piece by piece, those that were called off included. Entries become text one by one, in
 * the generator that yields it: what is held longer, or passed on once more, grows old before it is let go (docs/performance.md).
 */
export async function* exportCalendar(db: Db, scope: UserScope, { now, url }: Exporting): AsyncGenerator<string> {
  const { origin } = url
  yield CALENDAR_HEAD
  for await (const page of pagesOfEntries(db, scope, now)) {
    const entry = (booking: FiledBooking) =>
      entryOf(booking, {
        ...{ url, stamp: booking.createdAt, description: booking.notes, place: placeOf(booking.location) },
        ...{ link: `${origin}/bookings/detail/${booking.uid}`, neutral: booking.title, mailbox: null },
      })
    yield page.map((booking) => eventText(entry(booking))).join('')
  }
  yield CALENDAR_TAIL
}
