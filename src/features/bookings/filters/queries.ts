import { type ExpressionWrapper, expressionBuilder, type SqlBool, sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { Tables } from '#platform/db/tables.ts'
import type { UserScope } from '#platform/scope.ts'
import type { BookingFilters } from './schema.ts'

type Narrowed = Tables & { b: Tables['bookings'] }

/** Trigram indexes know parts of words from three characters on. */
const LEAST_INDEXED = 3

/**
 * The condition that filters put on the bookings `b` of a host; dates are meant in `timeZone`. Those that are another's, which the host
 * hosts with them, are few: their words are looked for one by one.
 */
export function matching(
  { userId }: UserScope,
  { words, eventTypeId, from, to, status }: BookingFilters,
  timeZone: string,
  { shared = false } = {},
): ExpressionWrapper<Narrowed, 'b', SqlBool> {
  const eb = expressionBuilder<Narrowed, 'b'>()
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).toInstant()
  return eb.and([
    ...words.map((word) => (shared ? carriesWord(word) : hasWord(userId, word))),
    ...(eventTypeId === null ? [] : [eb('b.event_type_id', '=', eventTypeId)]),
    ...(status === null ? [] : [eb('b.status', '=', status)]),
    ...(from === null ? [] : [eb('b.starts_at', '>=', midnight(Temporal.PlainDate.from(from)))]),
    ...(to === null ? [] : [eb('b.starts_at', '<', midnight(Temporal.PlainDate.from(to).add({ days: 1 })))]),
  ])
}

/** So many are looked up before the list is walked instead: each page is soon full then. */
const FEW = 2000

/**
 * Whether a word is in a booking. A rare word is looked up in the indexes of words, and the list is walked past what was found; a
 * frequent or short one is looked for on the walk itself, which ends when a page is full. Which of the two it is shows while looking:
 * beyond `FEW` the set is of unknowns, and `coalesce` goes on to the other way.
 */
function hasWord(userId: number, word: string) {
  const pattern = patternOf(word)
  const onTheWalk = carriesWord(word)
  if ([...word].length < LEAST_INDEXED) return onTheWalk
  return sql<boolean>`coalesce(b.id in (
    select case when count(*) over () <= ${FEW} then f.id end from (
      (select a.booking_id as id from attendees a
        where a.host_id = ${userId} and (a.name ilike ${pattern} or a.email ilike ${pattern}) limit ${FEW + 1})
      union all (select t.id from bookings t where t.host_id = ${userId} and t.title ilike ${pattern} limit ${FEW + 1})
      union all select u.id from bookings u where u.host_id = ${userId} and u.uid = ${word}) f), ${onTheWalk})`
}

const patternOf = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`

/** Whether a word is in this booking. `offset 0`: the planner would collect everybody who has it, of all hosts, to look at one page. */
function carriesWord(word: string) {
  const pattern = patternOf(word)
  return sql<boolean>`(b.title ilike ${pattern} or b.uid = ${word} or exists (
    select from attendees a where a.booking_id = b.id and (a.name ilike ${pattern} or a.email ilike ${pattern}) offset 0))`
}
