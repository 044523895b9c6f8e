/** The most per calendar period of the host's zone, weeks from Sunday; what is absent is not limited. */
export interface PeriodLimits {
  day?: number
  week?: number
  month?: number
  year?: number
}

/** Of one host over all event types: accepted bookings, and minutes of them. */
export interface HostLimits {
  bookings: PeriodLimits
  minutes: PeriodLimits
}

const NO_LIMITS: HostLimits = { bookings: {}, minutes: {} }

/** Limits as they are stored. */
export function limitsOf(stored: object | null): HostLimits {
  return { ...NO_LIMITS, ...stored }
}
