/** Hours of the given weekdays (0 = Sunday): minutes of the local day, half-open, 1440 = 24:00. */
export interface WeeklyHours {
  days: number[]
  start: number
  end: number
}

/** Replaces the weekly hours of one local date (YYYY-MM-DD); without ranges the date is unavailable. */
export interface DateOverride {
  date: string
  ranges: [start: number, end: number][]
}

export interface Schedule {
  id: number
  name: string
  /** IANA name of the zone the hours are read in. */
  timeZone: string
  weekly: WeeklyHours[]
  overrides: DateOverride[]
  isDefault: boolean
}
