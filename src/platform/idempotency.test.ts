import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { transaction } from './db/transaction.ts'
import { isAppError } from './errors.ts'
import { idempotencySweep, once } from './idempotency.ts'

let context: TestContext
let works = 0
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

function ask(key: string, request: object, work = async () => ({ number: ++works }), scope = 'test') {
  const now = context.clock.now()
  return transaction(context.services.db, (tx) => once(tx, { scope, key, request, now }, work))
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  return isAppError(error) ? error.code : String(error)
}

it('works once and repeats its answer, in whatever order the request was written', async () => {
  const first = await ask('a', { x: 1, y: { b: 2, a: [1, 2] } })
  expect(first.replayed).toBe(false)
  expect(await ask('a', { y: { a: [1, 2], b: 2 }, x: 1 })).toEqual({ answer: first.answer, replayed: true })
  expect((await ask('a', { x: 1 }, undefined, 'elsewhere')).replayed).toBe(false)
})

it('refuses the key for a request that differs anywhere', async () => {
  await ask('b', { answers: { colour: 'red' } })
  expect(await codeOf(ask('b', { answers: { colour: 'blue' } }))).toBe('idempotency_key_reused')
})

it('works once for fifty at once', async () => {
  const before = works
  const all = await Promise.all(Array.from({ length: 50 }, () => ask('c', {})))
  expect(works - before).toBe(1)
  expect(new Set(all.map(({ answer }) => answer.number)).size).toBe(1)
  expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1)
})

it('keeps nothing of what failed', async () => {
  const failing = ask('d', {}, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect((await ask('d', { other: true })).replayed).toBe(false)
})

it('forgets after a day', async () => {
  await ask('e', {})
  const run = () => idempotencySweep.run(context.visitor, new AbortController().signal)
  await run()
  expect((await ask('e', {})).replayed).toBe(true)
  context.clock.set(
    context.clock
      .now()
      .add(Temporal.Duration.from({ hours: 25 }))
      .toString(),
  )
  await run()
  expect((await ask('e', {})).replayed).toBe(false)
})
