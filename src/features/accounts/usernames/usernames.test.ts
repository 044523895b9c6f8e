import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { updateProfile } from '../commands.ts'
import { HELD_DAYS, MOST_HELD } from './commands.ts'
import { presentUsernames } from './queries.ts'

const START = '2026-11-23T08:00:00Z'
const TAKEN = 'username_taken/username:username_taken'
let test: TestContext

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
afterEach(async () => {
  test.clock.set(START)
  await test.services.db.deleteFrom('users').execute()
  await test.services.db.deleteFrom('held_usernames').execute()
})

async function person(username: string): Promise<Ctx> {
  const { id } = await insertHost(test.services.db)
  await test.services.db.updateTable('users').set({ username }).where('id', '=', id).execute()
  return test.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
}
const take = (ctx: Ctx, username: string) => refusal(updateProfile(ctx, { name: 'Somebody', username, bio: '' }))
const follow = (usernames: string) => presentUsernames(test.services.db, usernames, test.clock.now())

describe('a username that is given up', () => {
  it('leads to the one of today for 90 days, also among others, and over several changes', async () => {
    const ada = await person('ada')
    await take(ada, 'ada-king')
    expect(await follow('ada')).toBe('ada-king')
    expect(await follow('bob+ada')).toBe('bob+ada-king')
    expect(await follow('bob')).toBeNull()
    test.clock.add({ hours: 24 })
    await take(ada, 'lovelace')
    expect([await follow('ada'), await follow('ada-king')]).toEqual(['lovelace', 'lovelace'])
    test.clock.add({ hours: 24 * (HELD_DAYS - 1) })
    expect([await follow('ada'), await follow('ada-king')]).toEqual([null, 'lovelace'])
  })

  it('is had back by its owner, and by nobody else', async () => {
    const [ada, eve] = await Promise.all([person('ada'), person('eve')])
    await take(ada, 'ada-king')
    expect(await take(eve, 'ada')).toBe(TAKEN)
    expect(await take(ada, 'ada')).toBe('done')
    expect([await follow('ada'), await follow('ada-king')]).toEqual([null, 'ada'])
    expect(await take(eve, 'ada-king')).toBe(TAKEN)
  })

  it('is not kept when another change fails, or when it stays', async () => {
    const [ada] = await Promise.all([person('ada'), person('bob')])
    expect(await take(ada, 'bob')).toBe(TAKEN)
    expect(await take(ada, 'ada')).toBe('done')
    expect(await test.services.db.selectFrom('held_usernames').selectAll().execute()).toEqual([])
  })

  it('is one of a few: nobody collects names', async () => {
    const ada = await person('ada0')
    for (let i = 1; i <= MOST_HELD + 2; i++) {
      test.clock.add({ minutes: 1 })
      await take(ada, `ada${i}`)
    }
    const held = await test.services.db.selectFrom('held_usernames').select('username').orderBy('username').execute()
    expect(held.map(({ username }) => username)).toEqual(['ada2', 'ada3', 'ada4', 'ada5', 'ada6'])
  })

  it('goes to nobody who waits for it, and two who swap get neither', async () => {
    const [ada, bob, ...others] = await Promise.all(
      ['ada', 'bob', ...Array.from({ length: 20 }, (_, i) => `other${i}`)].map(person),
    )
    const outcomes = await Promise.all([take(ada as Ctx, 'ada-king'), ...others.map((other) => take(other, 'ada'))])
    expect(outcomes).toEqual(['done', ...others.map(() => TAKEN)])
    expect(await Promise.all([take(ada as Ctx, 'bob'), take(bob as Ctx, 'ada-king')])).toEqual([TAKEN, TAKEN])
  })
})
