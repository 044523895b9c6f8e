import type { Pagination } from './pages.ts'
import { inWireNames } from './refusal.ts'
import type { ApiRoute } from './route.ts'

/**
 * Shapes of a resource by date. Code knows the current shape only; each older one says how it differs from the next.
 */
export interface Versions {
  /** Date of the current shape, YYYY-MM-DD. */
  current: string
  /** Newest first. */
  older?: readonly OlderVersion[]
}

export interface OlderVersion {
  date: string
  /** A request of this version as the next newer one has it, before anything of it is checked. */
  upgrade?: (request: RawRequest) => RawRequest
  /** `data` of a reply of the next newer version as this one has it. */
  downgrade?: (data: unknown, pagination?: Pagination) => unknown
  /** What the next newer version calls otherwise, by its name there: refusals name fields as the client wrote them. */
  names?: Readonly<Record<string, string>>
}

/** What came, parsed as JSON and as a query, and not checked. */
export interface RawRequest {
  query: unknown
  body: unknown
  /** Another operation, which does today what was asked of this one then. */
  instead?: { route: ApiRoute; params: Record<string, string> } | undefined
}

/** Of what has one shape in all versions. */
const OLDEST = '2024-04-15'
export const UNVERSIONED: Versions = { current: OLDEST }

/** All dates, oldest first. */
export function datesOf({ current, older = [] }: Versions): string[] {
  return [...older.map(({ date }) => date).reverse(), current]
}

/**
 * The version that answers: the newest one that is not younger than the date that was asked for, so a date of one resource can be sent to
 * all. Without a date, or with something else, it is the oldest one, as clients of before versions expect; the reply says so.
 */
export function chosenVersion(versions: Versions, header: string | undefined): { date: string; defaulted: boolean } {
  const dates = datesOf(versions)
  const oldest = dates[0] as string
  if (header === undefined || !/^\d{4}-\d\d-\d\d$/.test(header)) return { date: oldest, defaulted: true }
  return { date: dates.findLast((date) => date <= header) ?? oldest, defaulted: false }
}

/** A request of the version `date` in the current shape. */
export function upgraded({ older = [] }: Versions, date: string, request: RawRequest): RawRequest {
  return older
    .filter((version) => version.date >= date)
    .reduceRight((raw, version) => version.upgrade?.(raw) ?? raw, request)
}

/** `data` of the current shape in the version `date`. */
export function downgraded({ older = [] }: Versions, date: string, data: unknown, pagination?: Pagination): unknown {
  return older
    .filter((version) => version.date >= date)
    .reduce((value, version) => (version.downgrade ? version.downgrade(value, pagination) : value), data)
}

/** Runs work of the current version for a client of `date`. @throws what it throws, with fields named as in that version */
export function inNamesOf<T>({ older = [] }: Versions, date: string, work: () => Promise<T>): Promise<T> {
  return older
    .filter((version) => version.date >= date)
    .reduce((wrapped, { names }) => (names ? () => inWireNames(names, wrapped()) : wrapped), work)()
}
