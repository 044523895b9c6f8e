/** How many of each were forgotten. What is none of is left out. */
export interface ErasureCounts {
  /** Addresses. */
  people?: number
  /** Whose time stays busy, with nobody in them. */
  bookings?: number
  /** Called off first, since they were still to come. */
  cancelled?: number
  answers?: number
  files?: number
  contacts?: number
  notes?: number
  ratings?: number
  reports?: number
  links?: number
  codes?: number
  /** Bookings that do not exist, of somebody who is blocked. */
  decoys?: number
  blocks?: number
  views?: number
  /** What could still have been brought back. */
  trashed?: number
}

export const ERASURE_COUNTS = [
  ...['people', 'bookings', 'cancelled', 'answers', 'files', 'contacts', 'notes', 'ratings', 'reports', 'links'],
  ...['codes', 'decoys', 'blocks', 'views', 'trashed'],
] as readonly (keyof ErasureCounts)[]

export type ErasureKind = 'address' | 'before' | 'timer'

/** An entry of the log that proves what was forgotten, without saying who. */
export interface Erasure {
  id: string
  kind: ErasureKind
  /** Beginning of the keyed hash of the address, in hexadecimal; null where it was about many. */
  mark: string | null
  /** Who was last booked before this moment. RFC 3339. */
  before: string | null
  counts: ErasureCounts
  /** RFC 3339. */
  requestedAt: string
  /** Null while something of it is still to be done. */
  doneAt: string | null
}

/** What forgetting an address would do. */
export interface ErasurePreview {
  email: string
  /** Other addresses of the same person, which go with it. */
  others: string[]
  counts: ErasureCounts
  /** Bookings still to come, which would have to be called off. */
  ahead: number
  /** It is shut out, or was. */
  blocked: boolean
  /** When it was forgotten before, RFC 3339. */
  earlier: string | null
}

/** @returns the sum, part by part */
export function addCounts(a: ErasureCounts, b: ErasureCounts): ErasureCounts {
  const sums = ERASURE_COUNTS.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)] as const)
  return Object.fromEntries(sums.filter(([, sum]) => sum > 0))
}
