/** Hours of the given weekdays (0 = Sunday): minutes of the local day, half-open, 1440 = 24:00. */
export interface WeeklyHours {
  days: number[]
  start: number
  end: number
}

/** Minutes of one local day, half-open, 1440 = 24:00. */
export type HourRange = [start: number, end: number]

/** Replaces the weekly hours of one local date (YYYY-MM-DD); without ranges the date is unavailable. */
export interface DateOverride {
  date: string
  ranges: HourRange[]
}

/** Hours that stand in for the weekly ones on some dates. The first layer that holds on a date decides. */
export interface ScheduleLayer {
  name: string
  /** First and last date (YYYY-MM-DD), both included; null: no beginning, no end. */
  from: string | null
  to: string | null
  weeks: EveryWeeks | MonthWeeks | null
  weekly: WeeklyHours[]
}

/** Only every n-th week, counted in blocks of seven days from `anchor`, which begins the first of them. */
export interface EveryWeeks {
  every: number
  anchor: string
}

/** Only these weeks of each month: 1 is its first seven days, with the first of each weekday; -1 its last seven. */
export interface MonthWeeks {
  ofMonth: number[]
}

export interface Schedule {
  id: number
  name: string
  /** IANA name of the zone the hours are read in. */
  timeZone: string
  weekly: WeeklyHours[]
  overrides: DateOverride[]
  layers: ScheduleLayer[]
  isDefault: boolean
}

/** An event type that offers times of a schedule. */
export interface ScheduleUse {
  id: number
  title: string
}

/** What its owner sees and changes. */
export interface OwnSchedule extends Schedule {
  /** Changes with every save: who saves names the version that was read. */
  version: string
  /** Event types that chose this schedule or, for the default one, none. */
  usedBy: ScheduleUse[]
}
