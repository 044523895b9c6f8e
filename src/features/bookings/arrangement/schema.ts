import { z } from 'zod'
import { type BookingFilters, filtersOf, queryOf } from '../filters/schema.ts'
import type { OrderBy } from '../listing/types.ts'
import type { BookingTab } from '../types.ts'

/** Orders a host can put a list in: by beginning, or by when it was booked. Names are what addresses have. */
export const SORTS = {
  soonest: { by: 'start', direction: 'asc' },
  latest: { by: 'start', direction: 'desc' },
  newest: { by: 'created', direction: 'desc' },
  oldest: { by: 'created', direction: 'asc' },
} as const satisfies Record<string, OrderBy>
export type Sort = keyof typeof SORTS

/** What is ahead comes soonest first, the rest latest first. */
export function usualSort(tab: BookingTab): Sort {
  return isAhead(tab) ? 'soonest' : 'latest'
}

/** The list has nothing that is over. */
export function isAhead(tab: BookingTab): boolean {
  return tab === 'upcoming' || tab === 'unconfirmed' || tab === 'recurring'
}

/** What a row can tell besides its time and title, in its order. */
export const COLUMNS = ['who', 'email', 'type', 'place', 'status', 'booked', 'notes', 'answers'] as const
export type Column = (typeof COLUMNS)[number]
export const USUAL_COLUMNS: readonly Column[] = ['who', 'place', 'status']

export const PAGE_SIZES = [10, 25, 50, 100] as const
export const USUAL_SIZE = 25

/** How a list is laid out. */
export interface Arrangement {
  sort: Sort
  /** In the order of `COLUMNS`. */
  columns: readonly Column[]
  /** Rows of a page. */
  size: (typeof PAGE_SIZES)[number]
}

const sortName = z.enum(Object.keys(SORTS) as [Sort, ...Sort[]])

/** Reads an address as leniently as `filtersOf` does: what means nothing is as usual. */
export function arrangementOf(params: URLSearchParams, tab: BookingTab): Arrangement {
  const shown = params.getAll('show')
  return {
    sort: sortName.safeParse(params.get('sort')).data ?? usualSort(tab),
    // A form sends an empty one along, so that nothing ticked is a choice too.
    columns: shown.length === 0 ? USUAL_COLUMNS : COLUMNS.filter((column) => shown.includes(column)),
    size: PAGE_SIZES.find((size) => String(size) === params.get('size')) ?? USUAL_SIZE,
  }
}

/** Only what is not as usual: `sort=newest&show=who&show=notes&size=50`. */
export function arrangementQuery({ sort, columns, size }: Arrangement, tab: BookingTab): string {
  const usual = columns.join() === USUAL_COLUMNS.join()
  return new URLSearchParams([
    ...(sort === usualSort(tab) ? [] : [['sort', sort]]),
    ...(usual ? [] : columns.length === 0 ? [['show', '']] : columns.map((column) => ['show', column])),
    ...(size === USUAL_SIZE ? [] : [['size', String(size)]]),
  ]).toString()
}

/** A list as its address has it. */
export interface AskedList {
  tab: BookingTab
  filters: BookingFilters
  arrangement: Arrangement
}

export function askedList(params: URLSearchParams, tab: BookingTab): AskedList {
  return { tab, filters: filtersOf(params), arrangement: arrangementOf(params, tab) }
}

/** The other way round, in one spelling; empty when everything is as usual. */
export function listQuery({ tab, filters, arrangement }: AskedList): string {
  return [queryOf(filters), arrangementQuery(arrangement, tab)].filter((part) => part !== '').join('&')
}

/** Where it is. @param view id of the saved view it was opened as */
export function listPath({ tab, query }: { tab: string; query: string }, view?: number): string {
  const parts = [query, view ? `view=${view}` : ''].filter((part) => part !== '')
  return `/bookings/${tab}${parts.length === 0 ? '' : `?${parts.join('&')}`}`
}
