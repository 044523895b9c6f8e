import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import type { MailTransport } from '#platform/mail/transport.ts'
import { type TestContext, testContext } from '#test/context.ts'
import {
  type Carrier,
  countOpenDeliveries,
  type Delivery,
  deliver,
  deliveriesOfSubject,
  MAIL_NOT_CONFIGURED,
  pauseAfter,
  planDeliveries,
  replayDelivery,
  sweepDeliveries,
  type Verdict,
} from './deliveries.ts'

let context: TestContext
let subjects = 0

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

/** A carrier that answers what it is told and remembers what it was given. */
function carrierOf(answer: (delivery: Delivery) => Verdict | Promise<Verdict>): Carrier & { carried: Delivery[] } {
  const carried: Delivery[] = []
  return {
    ...{ kind: 'mail', topics: ['news'], carried },
    carry: async (delivery) => {
      carried.push(delivery)
      return answer(delivery)
    },
  }
}

const ctx = (changes: Partial<Ctx> = {}): Ctx => ({ ...context.as({ kind: 'system' }), ...changes })

/** Plans one delivery of a subject of its own. */
async function planned(more: Partial<Delivery> = {}): Promise<{ subject: string; id: string }> {
  const subject = `thing:${++subjects}`
  const plan = { eventId: null, subject, kind: 'mail' as const, topic: 'news', target: 'somebody', version: 0, ...more }
  await context.database.db.transaction().execute((tx) => planDeliveries(tx, ctx(), [plan]))
  const [only] = await deliveriesOfSubject(context.database.db, subject)
  return { subject, id: only?.id ?? '' }
}

async function stateOf(subject: string) {
  const [only] = await deliveriesOfSubject(context.database.db, subject)
  if (!only) throw new Error('no delivery')
  return only
}

describe('planDeliveries', () => {
  it('plans each (subject, kind, topic, target, version) once, and asks for it once', async () => {
    const { db } = context.database
    const plan = {
      eventId: null,
      subject: 'thing:twice',
      kind: 'mail' as const,
      topic: 'news',
      target: 'a',
      version: 1,
    }
    const jobs = () =>
      db
        .withSchema('jobs')
        .selectFrom('job' as never)
        .where('name' as never, '=', 'deliveries.deliver' as never)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
    const before = (await jobs()).count
    for (let i = 0; i < 3; i++) await db.transaction().execute((tx) => planDeliveries(tx, ctx(), [plan]))
    await db.transaction().execute((tx) => planDeliveries(tx, ctx(), [{ ...plan, version: 2 }]))
    expect((await deliveriesOfSubject(db, 'thing:twice')).map(({ version }) => version)).toEqual([1, 2])
    expect((await jobs()).count - before).toBe(2)
  })

  it('leaves nothing behind when its transaction is rolled back', async () => {
    const { db } = context.database
    const plan = {
      eventId: null,
      subject: 'thing:never',
      kind: 'mail' as const,
      topic: 'news',
      target: 'a',
      version: 1,
    }
    const work = db.transaction().execute(async (tx) => {
      await planDeliveries(tx, ctx(), [plan])
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    expect(await deliveriesOfSubject(db, 'thing:never')).toEqual([])
  })
})

describe('deliver', () => {
  it('carries once, however many try at the same time and after', async () => {
    const carrier = carrierOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return { state: 'delivered' }
    })
    const { subject, id } = await planned()
    await Promise.all(Array.from({ length: 20 }, () => deliver(ctx(), [carrier], id)))
    await deliver(ctx(), [carrier], id)
    await sweepDeliveries(ctx(), [carrier])
    expect(carrier.carried.filter((delivery) => delivery.id === id)).toHaveLength(1)
    expect(await stateOf(subject)).toMatchObject({ state: 'delivered', attempts: 1, reason: null, nextAt: null })
  })

  it('skips and fails with the reason, and never tries those again', async () => {
    for (const verdict of [
      { state: 'skipped', reason: 'superseded' },
      { state: 'failed', reason: 'mail_rejected', detail: '550 No' },
    ] as const) {
      const carrier = carrierOf(() => verdict)
      const { subject, id } = await planned()
      await deliver(ctx(), [carrier], id)
      await deliver(ctx(), [carrier], id)
      expect(carrier.carried).toHaveLength(1)
      expect(await stateOf(subject)).toMatchObject(verdict)
    }
  })

  it('fails what nobody knows how to deliver', async () => {
    const { subject, id } = await planned({ topic: 'from.the.future' })
    await deliver(ctx(), [carrierOf(() => ({ state: 'delivered' }))], id)
    expect(await stateOf(subject)).toMatchObject({ state: 'failed', reason: 'topic_unknown' })
  })

  it('tries again ever more rarely for a day, then keeps a dead letter that can be replayed', async () => {
    let works = false
    const carrier = carrierOf(() =>
      works ? { state: 'delivered' } : { state: 'retry', reason: 'mail_deferred', detail: '450 Later' },
    )
    const { subject, id } = await planned()
    const begun = context.clock.now()
    await deliver(ctx(), [carrier], id)
    const waits: number[] = []
    for (let now = await stateOf(subject); now.state === 'waiting'; now = await stateOf(subject)) {
      expect(now).toMatchObject({ reason: 'mail_deferred', detail: '450 Later' })
      const due = now.nextAt ?? begun
      waits.push(due.epochMilliseconds - context.clock.now().epochMilliseconds)
      await deliver(ctx(), [carrier], id)
      expect((await stateOf(subject)).attempts).toBe(now.attempts)
      context.clock.set(due.toString())
      await sweepDeliveries(ctx(), [carrier])
    }
    const hours = (context.clock.now().epochMilliseconds - begun.epochMilliseconds) / 3_600_000
    expect(hours).toBeGreaterThan(20)
    expect(hours).toBeLessThan(28)
    expect(waits[0]).toBeLessThanOrEqual(6_000)
    expect(waits).toHaveLength(18)
    expect(await stateOf(subject)).toMatchObject({ state: 'failed', reason: 'mail_deferred', attempts: 19 })
    expect(await countOpenDeliveries(context.database.db)).toContainEqual({
      ...{ kind: 'mail', state: 'failed', reason: 'mail_deferred', count: 1 },
    })

    const replay = (of: string) =>
      context.database.db.transaction().execute((tx) => replayDelivery(tx, ctx(), { id, subject: of }))
    expect(await replay('thing:of-somebody-else')).toBe(false)
    works = true
    expect(await replay(subject)).toBe(true)
    await sweepDeliveries(ctx(), [carrier])
    expect(await stateOf(subject)).toMatchObject({ state: 'delivered', attempts: 1, detail: '' })
    expect(await replay(subject)).toBe(false)
  })

  it('counts a bug of the carrier as a failed try', async () => {
    const carrier = carrierOf(() => {
      throw new TypeError('x is not a function')
    })
    const { subject, id } = await planned()
    await deliver(ctx(), [carrier], id)
    expect(await stateOf(subject)).toMatchObject({ state: 'waiting', reason: 'unexpected', attempts: 1 })
  })

  it('spreads the pauses by a fifth each way', () => {
    expect([pauseAfter(1, 0), pauseAfter(1, 0.5), pauseAfter(1, 0.999999)]).toEqual([4000, 5000, 6000])
    expect(pauseAfter(40, 0.5)).toBe(3 * 3_600_000)
  })
})

describe('a worker that died', () => {
  it('loses its claim after ten seconds, and what it reports later counts for nothing', async () => {
    let died: (verdict: Verdict) => void = () => undefined
    const dying = carrierOf(() => new Promise<Verdict>((resolve) => (died = resolve)))
    const { subject, id } = await planned()
    const dead = deliver(ctx(), [dying], id)
    while (dying.carried.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))

    const carrier = carrierOf(() => ({ state: 'delivered' }))
    const takenOver = () => carrier.carried.filter((delivery) => delivery.id === id)
    context.clock.add({ seconds: 9 })
    await sweepDeliveries(ctx(), [carrier])
    expect(takenOver()).toEqual([])
    context.clock.add({ seconds: 2 })
    await sweepDeliveries(ctx(), [carrier])
    expect(takenOver()).toMatchObject([{ attempts: 2 }])

    died({ state: 'failed', reason: 'mail_rejected' })
    await dead
    expect(await stateOf(subject)).toMatchObject({ state: 'delivered', attempts: 2 })
  })
})

describe('without a mail server', () => {
  const mail = (configured: boolean): MailTransport => ({
    configured,
    send: () => Promise.reject(new Error('not used')),
    close: () => Promise.resolve(),
  })

  it('deliveries wait without using up a try, and go out once there is one', async () => {
    const carrier: Carrier = {
      ...{ kind: 'mail', topics: ['news'] },
      carry: async (_delivery, { mail: { configured } }) =>
        configured ? { state: 'delivered' } : { state: 'blocked', reason: MAIL_NOT_CONFIGURED },
    }
    const { subject, id } = await planned()
    await deliver(ctx({ mail: mail(false) }), [carrier], id)
    expect(await stateOf(subject)).toMatchObject({
      state: 'waiting',
      reason: MAIL_NOT_CONFIGURED,
      attempts: 0,
      nextAt: null,
    })
    context.clock.add({ hours: 100 })
    await sweepDeliveries(ctx({ mail: mail(false) }), [carrier])
    expect(await stateOf(subject)).toMatchObject({ state: 'waiting', attempts: 0 })
    await sweepDeliveries(ctx({ mail: mail(true) }), [carrier])
    expect(await stateOf(subject)).toMatchObject({ state: 'delivered', attempts: 1 })
  })
})

describe('deliveries of an ordered kind', () => {
  const about = (subject: string, version: number, topic = 'news', target = '1') => ({
    ...{ eventId: null, subject, kind: 'webhook' as const, topic, target, version },
  })
  const carrier = (answer: (delivery: Delivery) => Verdict | Promise<Verdict>) => ({
    ...carrierOf(answer),
    ...{ kind: 'webhook' as const, topics: ['news', 'later news'] },
  })
  const plan = (...all: ReturnType<typeof about>[]) =>
    context.database.db.transaction().execute((tx) => planDeliveries(tx, ctx(), all))
  const all = async (subject: string) => {
    const rows = await deliveriesOfSubject(context.database.db, subject, 'webhook')
    return rows.sort((a, b) => a.version - b.version)
  }

  it('go one after the other, whoever tries them, in the order of their versions', async () => {
    const subject = `thing:${++subjects}`
    await plan(about(subject, 3), about(subject, 1), about(subject, 2))
    const order: number[] = []
    const slow = carrier(async ({ version }) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(version)
      return { state: 'delivered' }
    })
    const rows = await all(subject)
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => deliver(ctx(), [slow], rows[i % 3]?.id ?? '')))
    }
    expect(order).toEqual([1, 2, 3])
  })

  it('planned together go in the order they are given', async () => {
    const subject = `thing:${++subjects}`
    await plan(about(subject, 1, 'news'), about(subject, 1, 'later news'))
    const topics: string[] = []
    const quick = carrier(({ topic }) => {
      topics.push(topic)
      return { state: 'delivered' }
    })
    for (let round = 0; round < 2; round++) {
      for (const { id } of (await all(subject)).reverse()) await deliver(ctx(), [quick], id)
    }
    expect(topics).toEqual(['news', 'later news'])
  })

  it('wait for one that is to be tried again, and not for one that failed for good', async () => {
    const subject = `thing:${++subjects}`
    await plan(about(subject, 1), about(subject, 2))
    await sweepDeliveries(ctx(), [carrier(() => ({ state: 'retry', reason: 'busy' }))])
    await sweepDeliveries(ctx(), [carrier(() => ({ state: 'delivered' }))])
    expect((await all(subject)).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['waiting', 1],
      ['waiting', 0],
    ])
    context.clock.add({ hours: 4 })
    await sweepDeliveries(ctx(), [carrier(() => ({ state: 'failed', reason: 'no' }))])
    await sweepDeliveries(ctx(), [carrier(() => ({ state: 'delivered' }))])
    expect((await all(subject)).map(({ state }) => state)).toEqual(['failed', 'delivered'])
  })

  it('do not wait for what is told of something else, or to somebody else', async () => {
    const [subject, other] = [`thing:${++subjects}`, `thing:${++subjects}`]
    await plan(about(subject, 1), about(subject, 2, 'news', '2'), about(other, 3))
    const rows = [...(await all(subject)), ...(await all(other))]
    for (const { id } of rows) await deliver(ctx(), [carrier(() => ({ state: 'retry', reason: 'busy' }))], id)
    expect([...(await all(subject)), ...(await all(other))].map(({ attempts }) => attempts)).toEqual([1, 1, 1])
  })

  it('are put off without costing a try', async () => {
    const subject = `thing:${++subjects}`
    await plan(about(subject, 1))
    const [row] = await all(subject)
    await deliver(ctx(), [carrier(() => ({ state: 'later', afterMs: 5_000 }))], row?.id ?? '')
    const [present] = await all(subject)
    expect(present).toMatchObject({ state: 'waiting', attempts: 0, reason: null })
    expect(present?.nextAt?.epochMilliseconds).toBe(context.clock.now().epochMilliseconds + 5_000)
  })

  it('are tried again no sooner than the other side asked for, and no later than is sensible', async () => {
    for (const [asked, least, most] of [
      [600_000, 600_000, 600_000],
      [1, 4_000, 6_000],
      [1e12, 3 * 3_600_000, 3 * 3_600_000],
    ] as const) {
      const subject = `thing:${++subjects}`
      await plan(about(subject, 1))
      const [row] = await all(subject)
      await deliver(ctx(), [carrier(() => ({ state: 'retry', reason: 'busy', afterMs: asked }))], row?.id ?? '')
      const [present] = await all(subject)
      const pause = (present?.nextAt?.epochMilliseconds ?? 0) - context.clock.now().epochMilliseconds
      expect(pause).toBeGreaterThanOrEqual(least)
      expect(pause).toBeLessThanOrEqual(most)
    }
  })
})
