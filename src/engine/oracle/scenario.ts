/** One scenario of the vector format: an offer, the facts around it and the span asked for. All instants are UTC ISO strings. */
export interface Scenario {
  id: string
  title?: string
  tags?: string[]
  now: string
  invitee: { timeZone: string }
  range: Interval
  event: ScenarioEvent
  hosts: ScenarioHost[]
  bookings?: ScenarioBooking[]
  reserved?: ScenarioHold[]
}

/** [start, end) as UTC ISO instants. */
export interface Interval {
  start: string
  end: string
}

/** The same as a pair [start, end]. */
export type Pair = [start: string, end: string]

export interface ScenarioEvent {
  schedulingType: 'single' | 'collective' | 'roundRobin'
  durationMin: number
  slotIntervalMin?: number
  offsetStartMin?: number
  minNoticeMin?: number
  bufferBeforeMin?: number
  bufferAfterMin?: number
  window?:
    | { type: 'rolling'; days: number; calendarDays: boolean }
    | { type: 'rollingWindow'; days: number; calendarDays: boolean }
    | { type: 'fixed'; startDate: string; endDate: string }
  limits?: { bookings?: PerPeriod; durationMin?: PerPeriod }
  seatsPerSlot?: number
  optimizedSlots?: boolean
  onlyFirstSlotPerDay?: boolean
  timeZone?: string
}

export interface PerPeriod {
  day?: number
  week?: number
  month?: number
  year?: number
}

export interface ScenarioHost {
  id: string
  timeZone: string
  profileTimeZone?: string
  fixed?: boolean
  group?: string
  /** Wall times as HH:MM; 24:00 is the end of the day. Days count from Sunday = 0. */
  weekly?: { days: number[]; start: string; end: string }[]
  /** Hours instead of the weekly ones; the first that holds on a date decides. `weeks` as the engine takes them. */
  layers?: ScenarioLayer[]
  overrides?: { date: string; start?: string; end?: string; off?: boolean }[]
  ooo?: { start: string; end: string }[]
  travel?: { from: string; to?: string; timeZone: string }[]
  busy?: Pair[]
  ranges?: Pair[]
}

export interface ScenarioLayer {
  weekly: { days: number[]; start: string; end: string }[]
  from?: string
  to?: string
  weeks?: { every: number; anchor: string } | { ofMonth: number[] }
}

export interface ScenarioBooking extends Interval {
  host: string
  sameEvent: boolean
  status?: 'ACCEPTED' | 'PENDING' | 'CANCELLED' | 'REJECTED'
  bufferBeforeMin?: number
  bufferAfterMin?: number
  seatsTaken?: number
  alsoHosts?: string[]
}

export interface ScenarioHold extends Interval {
  host: string
  releaseAt: string
}
