import { Temporal } from 'temporal-polyfill'

/** Where "now" comes from. Tests put their own here; nothing else reads the machine's clock. */
export interface Clock {
  now(): Temporal.Instant
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() }

/** A clock that stands still until moved. */
export function fixedClock(at: string): Clock & { set(at: string): void; add(duration: Temporal.DurationLike): void } {
  let instant = Temporal.Instant.from(at)
  return {
    now: () => instant,
    set(next) {
      instant = Temporal.Instant.from(next)
    },
    add(duration) {
      instant = instant.add(duration)
    },
  }
}
