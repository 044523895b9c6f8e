import { type RawBuilder, sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { BYTE_ORDER_MARK, csvRecord } from '#platform/csv.ts'
import type { Db } from '#platform/db/connect.ts'
import type { InstanceScope, UserScope } from '#platform/scope.ts'
import { deviceOf } from '../sessions/rules.ts'
import type { ActivityFilters } from './schema.ts'
import type { Activity, ActivityCursor } from './types.ts'

/** How one page of a log is chosen. */
export interface ActivitySearch extends ActivityFilters {
  /** Of the reader: days of `from` and `to` begin by it. */
  timeZone: string
  after: ActivityCursor | null
  size: number
}

export interface ActivityPage {
  entries: Activity[]
  next: ActivityCursor | null
}

/**
 * What somebody did, and what happened to what is theirs, newest first: one statement that reads an index no further than the page goes,
 * once for what is theirs and once for what they did elsewhere.
 */
export function ownActivity(db: Db, { userId }: UserScope, search: ActivitySearch): Promise<ActivityPage> {
  const theirs = sql`e.owner_id = ${userId}`
  const elsewhere = sql`e.actor_id = ${userId} and e.actor_id is distinct from e.owner_id`
  const by = actorOf(search.by, userId)
  return readPage(
    db,
    [theirs, elsewhere].map((one) => and([one, ...by, ...narrowed(search)])),
    search,
  )
}

/** Of the whole installation; `you` and `others` are told apart by whoever reads it. */
export function instanceActivity(
  db: Db,
  _scope: InstanceScope,
  search: ActivitySearch & { readerId: number | null },
): Promise<ActivityPage> {
  return readPage(db, [and([...actorOf(search.by, search.readerId), ...narrowed(search)])], search)
}

type Condition = RawBuilder<unknown>

function and(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

function actorOf(by: ActivityFilters['by'], readerId: number | null): Condition[] {
  switch (by) {
    case null:
      return []
    case 'you':
      return [sql`e.actor_kind = 'user'`, sql`e.actor_id = ${readerId}::int8`]
    case 'others':
      return [sql`e.actor_kind = 'user'`, sql`e.actor_id is distinct from ${readerId}::int8`]
    case 'people':
      return [sql`e.actor_kind = 'user'`]
    case 'visitors':
      return [sql`e.actor_kind = 'visitor'`]
    case 'system':
      return [sql`e.actor_kind = 'system'`]
  }
}

function narrowed({ noun, from, to, after, timeZone }: ActivitySearch): Condition[] {
  const beginning = (date: string, days: number) =>
    Temporal.PlainDate.from(date).add({ days }).toZonedDateTime(timeZone).toInstant()
  return [
    ...(noun === null ? [] : [sql`e.noun = ${noun}`]),
    ...(from === null ? [] : [sql`e.occurred_at >= ${beginning(from, 0)}::timestamptz`]),
    ...(to === null ? [] : [sql`e.occurred_at < ${beginning(to, 1)}::timestamptz`]),
    ...(after === null ? [] : [sql`(e.occurred_at, e.position) < (${after.at}::timestamptz, ${after.position}::int8)`]),
  ]
}

interface Row {
  name: string
  noun: string
  subject: string
  payload: Record<string, unknown>
  actor: { via?: 'session' | 'api_key' | 'mail_link' | 'command_line' }
  actor_kind: Activity['actor']['kind']
  actor_id: number | null
  actor_name: string | null
  owner_id: number | null
  owner_name: string | null
  occurred_at: Temporal.Instant
  position: number
  address: string | null
  user_agent: string | null
}

async function readPage(db: Db, branches: readonly Condition[], { size }: ActivitySearch): Promise<ActivityPage> {
  const newest = sql`order by e.occurred_at desc, e.position desc limit ${size + 1}`
  const parts = branches.map((where) => sql`(select e.* from events e where ${where} ${newest})`)
  const { rows } = await sql<Row>`
    select e.name, e.noun, e.subject, e.payload, e.actor, e.actor_kind, e.actor_id, a.name as actor_name, e.owner_id,
      o.name as owner_name, e.occurred_at, e.position, s.address, s.user_agent
    from (${sql.join(parts, sql` union all `)}) e
    left join users a on a.id = e.actor_id
    left join users o on o.id = e.owner_id
    left join sign_ins s on s.id = case when e.noun = 'session' then split_part(e.subject, ':', 2)::uuid end
      and e.name in ('session.started', 'session.refused')
    ${newest}
  `.execute(db)
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return {
    entries: shown.map(activityOf),
    next: rows.length > size && last ? { at: last.occurred_at.toString(), position: last.position } : null,
  }
}

function activityOf(row: Row): Activity {
  return {
    ...{ name: row.name, noun: row.noun, subjectId: row.subject.slice(row.noun.length + 1), payload: row.payload },
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name, via: row.actor.via ?? null },
    owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name },
    origin: row.address === null ? null : { ...deviceOf(row.user_agent ?? ''), address: row.address },
    at: row.occurred_at.toString(),
  }
}

const AT_ONCE = 500

/** Names of the columns are for programs and stay what they are. Instants are RFC 3339 in UTC. */
const COLUMNS = [
  ...['at', 'event', 'subject', 'actor', 'actor_name', 'via', 'owner', 'owner_name', 'address', 'browser', 'system'],
  'details',
]

/**
 * A log as CSV (RFC 4180), piece by piece, newest first: one statement for each 500 entries, and never more of them in memory.
 * @param read the next page of it
 */
export async function* exportActivity(
  read: (page: Pick<ActivitySearch, 'after' | 'size'>) => Promise<ActivityPage>,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvRecord(COLUMNS)
  let after: ActivityCursor | null = null
  do {
    const page: ActivityPage = await read({ after, size: AT_ONCE })
    if (page.entries.length > 0) yield page.entries.map((one) => csvRecord(cellsOf(one))).join('')
    after = page.next
  } while (after)
}

function cellsOf({ name, noun, subjectId, actor, owner, origin, payload, at }: Activity): (string | number)[] {
  return [
    ...[at, name, `${noun}:${subjectId}`],
    ...[actor.id === null ? actor.kind : `user:${actor.id}`, actor.name ?? '', actor.via ?? ''],
    ...[owner ? `user:${owner.id}` : '', owner?.name ?? ''],
    ...[origin?.address ?? '', origin?.browser ?? '', origin?.system ?? ''],
    JSON.stringify(payload),
  ]
}
