import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from './errors.ts'

/** Attempts allowed per window of seconds. */
export interface Limit {
  name: string
  attempts: number
  seconds: number
}

/** What is left of a limit. */
export interface Allowance {
  remaining: number
  /** Seconds until all of it is there again. */
  reset: number
}

export interface RateLimiter {
  /** Counts one attempt of `key` and says what is left. @throws rate_limited with `retryAfterSeconds` when there were too many. */
  consume(limit: Limit, key: string): Promise<Allowance>
  /** Forgets the attempts of `key`, as after a success. */
  reset(limit: Limit, key: string): Promise<void>
}

/** Counts in this process: no service to set up, so limits are on from the first start. */
export function memoryRateLimiter(enabled: boolean): RateLimiter {
  const limiters = new Map<string, RateLimiterMemory>()
  function limiterOf(limit: Limit): RateLimiterMemory {
    const known = limiters.get(limit.name)
    if (known) return known
    const made = new RateLimiterMemory({ points: limit.attempts, duration: limit.seconds, keyPrefix: limit.name })
    limiters.set(limit.name, made)
    return made
  }
  return {
    async consume(limit, key) {
      if (!enabled) return { remaining: limit.attempts - 1, reset: limit.seconds }
      try {
        const { remainingPoints, msBeforeNext } = await limiterOf(limit).consume(key)
        return { remaining: remainingPoints, reset: Math.ceil(msBeforeNext / 1000) }
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw new AppError('rate_limited', 'rate_limited', {
          retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000),
          retryAfterMinutes: Math.ceil(refusal.msBeforeNext / 60_000),
        })
      }
    },
    async reset(limit, key) {
      await limiterOf(limit).delete(key)
    },
  }
}
