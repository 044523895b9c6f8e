/** Dates of the home zone, both included, on which the hours of the default schedule are read in `timeZone`. */
export interface Trip {
  id: number
  firstDate: string
  /** Null: until further notice. */
  lastDate: string | null
  timeZone: string
  /** Changes with every save: who saves names the version that was read. */
  version: string
}
