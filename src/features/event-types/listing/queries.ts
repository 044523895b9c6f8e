import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import type { Tables } from '#platform/db/tables.ts'
import type { UserScope } from '#platform/scope.ts'
import { eventTypeOf, kindsOf, ownEventTypeOf } from '../queries.ts'
import type { Question } from '../questions/types.ts'
import type { EventType, OwnEventType, PublicEventType } from '../types.ts'

/** Which part of a host's event types is read, and in which order. */
export interface EventTypeListing {
  /** Parts of title or slug, separated by spaces; all must be there. */
  words?: string
  slug?: string
  /** That of the host when absent. */
  order?: 'host' | 'oldest' | 'newest'
  skip?: number
  take: number
  /** The page begins behind this one. */
  after?: EventTypeCursor
}

/** Place and id of an event type. */
export type EventTypeCursor = readonly [position: number, id: number]

export interface ListedEventTypes<T> {
  eventTypes: T[]
  /** Of the whole list, and how many of them come before this page. */
  total: number
  before: number
  /** Null: this was the last page. */
  next: EventTypeCursor | null
  /** Id of the one behind this page. */
  following: number | null
}

/** One statement, and one more for a page behind the end. */
export async function pageOfEventTypes(
  db: Db,
  { userId }: UserScope,
  listing: EventTypeListing,
): Promise<ListedEventTypes<OwnEventType>> {
  const { rows, ...page } = await pageOf(db, sql`e.user_id = ${userId}`, listing)
  return { ...page, eventTypes: rows.map(ownEventTypeOf) }
}

/** Of what anyone may see, with all that the pages of the event types show. */
export async function pageOfListedEventTypes(
  db: Db,
  username: string,
  listing: EventTypeListing,
): Promise<ListedEventTypes<EventType>> {
  const isListed = sql`e.user_id = (select u.id from users u where u.username = ${username}) and not e.hidden`
  const { rows, ...page } = await pageOf(db, isListed, listing)
  return { ...page, eventTypes: rows.map(eventTypeOf) }
}

/** What the public page of a host lists. */
export async function pageOfPublicEventTypes(
  db: Db,
  username: string,
  listing: EventTypeListing,
): Promise<ListedEventTypes<PublicEventType>> {
  const page = await pageOfListedEventTypes(db, username, listing)
  return { ...page, eventTypes: page.eventTypes.map(publicOf) }
}

function publicOf(eventType: EventType): PublicEventType {
  const { slug, title, description, durations, requiresConfirmation, color, colorDark, locations } = eventType
  return {
    ...{ slug, title, description, durations, requiresConfirmation, color, colorDark },
    locationKinds: kindsOf(locations),
  }
}

type Row = Selectable<Tables['event_types']>

/** A host has no more than a few hundred (`MOST_EVENT_TYPES`), so that counting them costs less than a statement of its own. */
async function pageOf(
  db: Db,
  isWanted: RawBuilder<unknown>,
  { words = '', slug, order = 'host', skip = 0, take, after }: EventTypeListing,
) {
  const wanted = sql.join(
    [
      isWanted,
      ...(slug === undefined ? [] : [sql`e.slug = ${slug}`]),
      ...wordsOf(words).map((word) => sql`strpos(lower(e.title || ' ' || e.slug), lower(${word}::text)) > 0`),
    ],
    sql` and `,
  )
  const { rows } = await sql<Row & { total: number; place: number }>`
    select * from (
      select e.*, count(*) over () as total, row_number() over (order by ${SORTED[order]}) as place
      from event_types e where ${wanted}) e
    where ${after ? comesAfter(order, after) : sql`true`} order by e.place limit ${take + 1} offset ${skip}
  `.execute(db)
  const shown = rows.slice(0, take)
  const [first, last] = [shown[0], shown.at(-1)]
  const total = first?.total ?? (await countOf(db, wanted))
  return {
    rows: shown,
    ...{ total, before: first ? first.place - 1 : total },
    next: rows.length > take && last ? ([last.position, last.id] as const) : null,
    following: rows[take]?.id ?? null,
  }
}

async function countOf(db: Db, wanted: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*) as total from event_types e where ${wanted}`.execute(db)
  return rows[0]?.total ?? 0
}

const MOST_WORDS = 8

function wordsOf(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
}

const SORTED = { host: sql`e.position, e.id`, oldest: sql`e.id`, newest: sql`e.id desc` }

function comesAfter(order: 'host' | 'oldest' | 'newest', [position, id]: EventTypeCursor): RawBuilder<unknown> {
  if (order === 'host') return sql`(e.position, e.id) > (${position}::int8, ${id}::int8)`
  return order === 'oldest' ? sql`e.id > ${id}` : sql`e.id < ${id}`
}

/** One statement: what each person of a party is asked, by event type; others are not there. */
export async function partyQuestions(db: Db, { userId }: UserScope): Promise<Map<number, Question[]>> {
  const rows = await db
    .selectFrom('event_types')
    .select('id')
    .select(sql<Question[]>`jsonb_path_query_array(options, '$.questions[*] ? (@.eachPerson == true)')`.as('questions'))
    .where('user_id', '=', userId)
    .where(sql<boolean>`options -> 'questions' @> '[{"eachPerson": true}]'`)
    .execute()
  return new Map(rows.map(({ id, questions }) => [id, questions]))
}

/** What there is to choose from where one event type is meant: all, in the host's order. */
export interface EventTypeChoice {
  id: number
  title: string
  slug: string
  /** Minutes; the first is the usual one. */
  durations: number[]
  /** How many share a time, and how many times a series has; null where it has none. */
  seats: number | null
  dates: number | null
}

/** One statement, which leaves out what is long. */
export async function eventTypeChoices(db: Db, { userId }: UserScope): Promise<EventTypeChoice[]> {
  return db
    .selectFrom('event_types')
    .select(['id', 'title', 'slug', 'durations'])
    .select([
      sql<number | null>`(options -> 'seats' ->> 'count')::int`.as('seats'),
      sql<number | null>`(options -> 'recurrence' ->> 'count')::int`.as('dates'),
    ])
    .where('user_id', '=', userId)
    .orderBy('position')
    .orderBy('id')
    .execute()
}
