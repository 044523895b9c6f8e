import { type RawBuilder, sql } from 'kysely'
import type { ListingCursor, OrderBy } from '../listing/types.ts'

/** Columns of bookings `b` that lists are in order of; each has an index behind its host. */
const ORDER_COLUMNS = {
  start: 'starts_at',
  end: 'ends_at',
  created: 'created_at',
  updated: 'updated_at',
} as const

export const orderColumn = (by: OrderBy['by']) => sql.ref(`b.${ORDER_COLUMNS[by]}`)
const towards = ({ direction }: OrderBy) => (direction === 'asc' ? sql`asc` : sql`desc`)

/** What is equal otherwise is in the order in which it was made, read in the direction of the last part. */
export function sortedBy(order: readonly OrderBy[]): RawBuilder<unknown> {
  const last = order.at(-1)
  const parts = order.map((part) => sql`${orderColumn(part.by)} ${towards(part)}`)
  return sql.join([...parts, sql`b.id ${last ? towards(last) : sql`asc`}`])
}

/** Where all goes one way, rows as a whole are compared, which the index can do; otherwise it is bounded by the first part. */
export function comesAfter(order: readonly OrderBy[], { values, id }: ListingCursor): RawBuilder<unknown> {
  const parts = order.map((part, i) => ({
    name: orderColumn(part.by),
    value: sql`${values[i]}::timestamptz`,
    beyond: part.direction === 'asc' ? sql`>` : sql`<`,
  }))
  const [first, last] = [parts[0], parts.at(-1)]
  if (!first || !last) return sql`b.id > ${id}`
  const all = [...parts, { name: sql.ref('b.id'), value: sql`${id}::int8`, beyond: last.beyond }]
  if (order.every(({ direction }) => direction === order[0]?.direction)) {
    const row = (of: 'name' | 'value') => sql.join(all.map((part) => part[of]))
    return sql`(${row('name')}) ${last.beyond} (${row('value')})`
  }
  const alternatives = all.map(({ name, value, beyond }, i) => {
    const equal = all.slice(0, i).map((one) => sql`${one.name} = ${one.value}`)
    return sql`(${sql.join([...equal, sql`${name} ${beyond} ${value}`], sql` and `)})`
  })
  return sql`(${first.name} ${first.beyond}= ${first.value} and (${sql.join(alternatives, sql` or `)}))`
}
