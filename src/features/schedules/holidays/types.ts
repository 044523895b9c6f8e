/** A day off for everybody. Dates are YYYY-MM-DD, both included. */
export interface Holiday {
  /** What fixes its date every year, such as `easter 1`: by this it is switched off. */
  rule: string
  name: string
  start: string
  end: string
  /** Minutes of the first and the last date from and until which it is off; absent: from the beginning, to the end. */
  fromMinute?: number
  toMinute?: number
}

export const HOLIDAY_SETS = ['christian', 'orthodox', 'jewish', 'islamic', 'lunar', 'persian'] as const
/** Holidays that are the same wherever one lives. */
export type HolidaySet = (typeof HOLIDAY_SETS)[number]

export const HALVES = ['morning', 'afternoon'] as const
/** Which half of a day is off; noon divides them. */
export type Half = (typeof HALVES)[number]

export interface HolidayChoice {
  /** ISO 3166 code; null: none. */
  country: string | null
  /** Codes of a state and a region in it, joined by a dot: `BY`, `BY.A`. */
  region: string | null
  /** Rules of the holidays on which the host works all the same. */
  off: string[]
  sets: HolidaySet[]
  /** Of those that are off for half a day only, by rule. */
  halves: Record<string, Half>
}

export interface Place {
  code: string
  name: string
}
