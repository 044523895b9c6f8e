/** A time at which a host is taken. Instants are epoch milliseconds. */
export interface BusyTime {
  start: number
  end: number
  /** A booking without its buffers, an absence, or a public holiday that the host keeps. */
  source: 'booking' | 'away' | 'holiday'
}

/** Dates YYYY-MM-DD, both included; minutes of the local day bound the first and the last one. */
export interface DaysAway {
  source: 'away' | 'holiday'
  firstDate: string
  lastDate: string
  fromMinute: number | null
  toMinute: number | null
}

/** Wall times of these dates are read in this zone. */
export interface TripZone {
  firstDate: string
  /** Null: for good. */
  lastDate: string | null
  timeZone: string
}
