import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from './errors.ts'

/** Attempts allowed per window of seconds. */
export interface Limit {
  name: string
  attempts: number
  seconds: number
}

export interface RateLimiter {
  /** Counts one attempt of `key`. @throws rate_limited with `retryAfterSeconds` when there were too many. */
  consume(limit: Limit, key: string): Promise<void>
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
      if (!enabled) return
      try {
        await limiterOf(limit).consume(key)
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
