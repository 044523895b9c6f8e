import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { connect } from '#platform/db/connect.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { refusal } from '#test/refusal.ts'
import { attemptsSweep, type RateLimiter, sharedRateLimiter } from './rate-limit.ts'

const GUESSES = { name: 'guesses', attempts: 5, seconds: 900 }
const FLOOD = { name: 'flood', attempts: 5, seconds: 60 }
const KEY = 'ada@example.org'

let test: TestContext
/** Of two processes of one installation. */
let limiters: RateLimiter[]
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  test = await testContext()
  limiters = [1, 2].map(() => {
    const settings = { prepare: true, poolSize: 2, onIdleError: () => undefined }
    const { db, close } = connect(test.database.server, settings)
    closing.push(close)
    return sharedRateLimiter({ apart: db, secret: test.services.config.secret })
  })
})
afterAll(async () => {
  for (const close of closing) await close()
  await test.close()
})
beforeEach(async () => {
  await sql`truncate limits.attempts`.execute(test.services.db)
})

const limiterOf = (attempt: number) => limiters[attempt % limiters.length] as RateLimiter
const attempts = (limit: typeof GUESSES, key: string, count: number) =>
  Promise.all(Array.from({ length: count }, (_, attempt) => refusal(limiterOf(attempt).consume(limit, key))))

it('guesses are counted by all processes together, however many at once', async () => {
  const outcomes = await attempts(GUESSES, KEY, 50)
  expect(outcomes.filter((one) => one === 'done')).toHaveLength(5)
  expect(outcomes.filter((one) => one === 'rate_limited')).toHaveLength(45)
  expect(await refusal(limiterOf(0).consume(GUESSES, 'bob@example.org'))).toBe('done')
  expect(await refusal(limiterOf(0).consume({ ...GUESSES, name: 'others' }, KEY))).toBe('done')
})

it('what is left, and when it may be tried again', async () => {
  const first = await limiterOf(0).consume(GUESSES, KEY)
  expect(first).toEqual({ remaining: 4, reset: expect.any(Number) })
  expect(first.reset).toBeGreaterThan(895)
  await attempts(GUESSES, KEY, 4)
  await expect(limiterOf(1).consume(GUESSES, KEY)).rejects.toMatchObject({
    kind: 'rate_limited',
    details: { retryAfterMinutes: 15 },
  })
})

it('begins anew after a success, and when the time is over', async () => {
  await attempts(GUESSES, KEY, 9)
  await limiterOf(1).reset(GUESSES, KEY)
  expect(await limiterOf(0).consume(GUESSES, KEY)).toMatchObject({ remaining: 4 })
  await attempts(GUESSES, KEY, 9)
  await sql`update limits.attempts set until = now()`.execute(test.services.db)
  expect(await limiterOf(0).consume(GUESSES, KEY)).toMatchObject({ remaining: 4 })
})

it('floods are counted by each process', async () => {
  expect((await attempts(FLOOD, KEY, 20)).filter((one) => one === 'done')).toHaveLength(10)
  const { rows } = await sql`select from limits.attempts`.execute(test.services.db)
  expect(rows).toEqual([])
})

it('keeps no address, and nothing when its time is over', async () => {
  await attempts(GUESSES, KEY, 1)
  const { rows } = await sql<{
    text: string
  }>`select a::text || encode(key, 'escape') as text from limits.attempts a`.execute(test.services.db)
  expect(rows).toHaveLength(1)
  expect(rows[0]?.text).not.toContain('ada')
  await sql`update limits.attempts set until = now()`.execute(test.services.db)
  await attemptsSweep.run(test.visitor, AbortSignal.timeout(1000))
  expect((await sql`select from limits.attempts`.execute(test.services.db)).rows).toEqual([])
})

it('nothing may be tried while the database is away', async () => {
  const { db, close } = connect(
    { host: '127.0.0.1', port: 1 },
    { prepare: true, poolSize: 1, onIdleError: () => undefined },
  )
  const limiter = sharedRateLimiter({ apart: db, secret: test.services.config.secret })
  await expect(limiter.consume(GUESSES, KEY)).rejects.toThrow('ECONNREFUSED')
  await close()
})
