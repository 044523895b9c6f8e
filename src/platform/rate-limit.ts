import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { deriveKey } from './crypto.ts'
import type { Db } from './db/connect.ts'
import { AppError } from './errors.ts'
import type { PeriodicWork } from './periodic.ts'

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

/**
 * From here on a limit is against guessing and is counted in the database: by all processes together, and on over their restarts.
 * Shorter ones keep a process from being flooded, and each counts for itself.
 */
const LASTING_SECONDS = 600
const SWEEP_SECONDS = 600

/**
 * @param apart outside of any transaction: an attempt counts, whatever becomes of what was tried. When it does not answer, nothing may
 * be tried.
 */
export function sharedRateLimiter({ apart, secret }: { apart: Db; secret: Buffer }): RateLimiter {
  const own = memoryRateLimiter(true)
  const sealing = deriveKey(secret, 'rate-limits')
  const keyOf = (limit: Limit, key: string) => createHmac('sha256', sealing).update(`${limit.name}\0${key}`).digest()
  return {
    async consume(limit, key) {
      if (limit.seconds < LASTING_SECONDS) return own.consume(limit, key)
      const { rows } = await sql<{ count: number; left: number }>`
        insert into limits.attempts as a values (${keyOf(limit, key)}, 1, now() + make_interval(secs => ${limit.seconds}))
        on conflict (key) do update set
          count = case when a.until <= now() then 1 else a.count + 1 end,
          until = case when a.until <= now() then excluded.until else a.until end
        returning count, extract(epoch from until - now())::float8 as left`.execute(apart)
      const { count, left } = rows[0] as { count: number; left: number }
      if (count > limit.attempts) throw tooMany(left)
      return { remaining: limit.attempts - count, reset: Math.ceil(left) }
    },
    async reset(limit, key) {
      if (limit.seconds < LASTING_SECONDS) return own.reset(limit, key)
      await sql`delete from limits.attempts where key = ${keyOf(limit, key)}`.execute(apart)
    },
  }
}

/** Counts in this process alone. */
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
        throw tooMany(refusal.msBeforeNext / 1000)
      }
    },
    async reset(limit, key) {
      await limiterOf(limit).delete(key)
    },
  }
}

function tooMany(seconds: number): AppError {
  return new AppError('rate_limited', 'rate_limited', {
    retryAfterSeconds: Math.ceil(seconds),
    retryAfterMinutes: Math.ceil(seconds / 60),
  })
}

export const attemptsSweep: PeriodicWork = {
  name: 'attempts.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db }) {
    await sql`delete from limits.attempts where until <= now()`.execute(db)
  },
}
