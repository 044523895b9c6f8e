/** A day off for everybody. Dates are YYYY-MM-DD, both included. */
export interface Holiday {
  /** What fixes its date every year, such as `easter 1`: by this it is switched off. */
  rule: string
  name: string
  start: string
  end: string
}

export interface HolidayChoice {
  /** ISO 3166 code; null: none. */
  country: string | null
  /** Codes of a state and a region in it, joined by a dot: `BY`, `BY.A`. */
  region: string | null
  /** Rules of the holidays on which the host works all the same. */
  off: string[]
}

export interface Place {
  code: string
  name: string
}
