import { type ExpressionWrapper, expressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { Tables } from '#platform/db/tables.ts'
import type { UserScope } from '#platform/scope.ts'
import type { BookingFilters } from './schema.ts'

type Narrowed = Tables & { b: Tables['bookings'] }

/** Trigram indexes know parts of words from three characters on; those of `short_parts` know the shorter ones. */
const LEAST_TRIGRAM = 3

/**
 * The condition that filters put on the bookings `b` of a host; dates are meant in `timeZone`. It stands within `words.known`; without
 * `words` each is looked for in the booking itself, as it is best where there are few.
 */
export function matching(
  filters: BookingFilters,
  timeZone: string,
  words: LookedUp | null,
): ExpressionWrapper<Narrowed, 'b', SqlBool> {
  const { eventTypeId, from, to, status } = filters
  const eb = expressionBuilder<Narrowed, 'b'>()
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).toInstant()
  return eb.and([
    ...(words?.conditions ?? filters.words.map(carriesWord)),
    ...(eventTypeId === null ? [] : [eb('b.event_type_id', '=', eventTypeId)]),
    ...(status === null ? [] : [eb('b.status', '=', status)]),
    ...(from === null ? [] : [eb('b.starts_at', '>=', midnight(Temporal.PlainDate.from(from)))]),
    ...(to === null ? [] : [eb('b.starts_at', '<', midnight(Temporal.PlainDate.from(to).add({ days: 1 })))]),
  ])
}

/** So many are looked up before the list is walked instead: each page is soon full then. */
export const FEW = 2000

/** Words of a search as a statement looks them up. */
export interface LookedUp {
  /** What a statement begins with, after `with`; empty without words. */
  known: RawBuilder<unknown>
  /** Whether one of them is rare, so that only what has it need be looked at. */
  isRare: RawBuilder<boolean>
  /** Ids of that. */
  rareIds: RawBuilder<unknown>
  conditions: RawBuilder<boolean>[]
}

/**
 * A rare word is looked up in the indexes of words, and nothing is read but what was found. A frequent one is looked for on a walk over
 * the list, which ends when a page is full. Which of the two it is shows while looking: with more than `FEW` it is frequent.
 * @param asked whether anything is looked up at all, where it may be known already that the walk is short
 */
export function lookUp(
  { userId }: UserScope,
  words: readonly string[],
  asked: RawBuilder<boolean> = sql`true`,
): LookedUp {
  return lookUpEach(
    // The longest first, which is the rarest more often than not.
    words
      .toSorted((a, b) => b.length - a.length)
      .map((word) => ({
        found: sql`
        select a.booking_id as id from attendees a where a.host_id = ${userId} and ${hasWord(word, 'a.name', 'a.email')}
        union all select t.id from bookings t where t.host_id = ${userId} and ${hasWord(word, 't.title')}
        union all select u.id from bookings u where u.host_id = ${userId} and u.uid = ${word}`,
        onTheWalk: carriesWord(word),
      })),
    { id: sql`b.id`, few: FEW, asked },
  )
}

interface Sought {
  /** Ids of some kind. */
  found: RawBuilder<unknown>
  /** The same asked of one row. */
  onTheWalk: RawBuilder<boolean>
}

interface Looking {
  /** What a row is found by. */
  id: RawBuilder<unknown>
  /** Rows of a word that is rare. */
  few: number
  /** Whether anything is looked up. */
  asked: RawBuilder<boolean>
}

/** One after the other: behind the first that is rare, nothing is looked up any more. */
export function lookUpEach(all: readonly Sought[], { id, few, asked }: Looking): LookedUp {
  const names = all.map((_, n) => sql.ref(`word${n}`))
  const rare = names.map((name) => sql<boolean>`(${asked} and (select count(*) <= ${few} from ${name}))`)
  const or = (parts: RawBuilder<unknown>[]) =>
    parts.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(parts, sql` or `)})`
  // One that was not looked up has no rows, so that it counts as rare, but never as the first.
  const isFirst = (n: number) => sql<boolean>`${rare[n]} and not ${or(rare.slice(0, n))}`
  const lookedUp = all.map(
    ({ found }, n) => sql`${names[n]} (id) as materialized (
      select * from (${found}) f (id) where ${asked} and not ${or(rare.slice(0, n))} limit ${few + 1})`,
  )
  return {
    known: sql.join(lookedUp),
    isRare: or(rare),
    rareIds: sql.join(
      names.map((name, n) => sql`select id from ${name} where ${isFirst(n)}`),
      sql` union all `,
    ),
    conditions: all.map(
      ({ onTheWalk }, n) =>
        sql<boolean>`case when ${isFirst(n)} then ${id} in (select id from ${names[n]}) else ${onTheWalk} end`,
    ),
  }
}

const patternOf = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`

/** Whether a word is anywhere in one of these columns, which are all that an index of words knows of a table, in its order. */
export function hasWord(word: string, ...columns: string[]) {
  const spelled = spellsWord(word, ...columns)
  if ([...word].length >= LEAST_TRIGRAM) return spelled
  const together = sql.join(columns.map(sql.ref), sql` || ' ' || `)
  return sql<boolean>`(short_parts(${together}) @> short_parts(${word}::text) and ${spelled})`
}

/** The same, for a row that is at hand. */
export function spellsWord(word: string, ...columns: string[]) {
  return sql<boolean>`(${sql.join(
    columns.map((column) => sql`${sql.ref(column)} ilike ${patternOf(word)}`),
    sql` or `,
  )})`
}

/** Whether a word is in this booking. `offset 0`: the planner would collect everybody who has it, of all hosts, to look at one page. */
function carriesWord(word: string) {
  return sql<boolean>`(${spellsWord(word, 'b.title')} or b.uid = ${word} or exists (
    select from attendees a where a.booking_id = b.id and ${spellsWord(word, 'a.name', 'a.email')} offset 0))`
}
