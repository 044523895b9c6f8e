import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { ownAccount } from '../queries.ts'
import { introduce, passStep } from './commands.ts'
import { reached, stepAfter } from './rules.ts'

describe('the way', () => {
  it('has three steps and an end', () => {
    expect([stepAfter('profile'), stepAfter('hours'), stepAfter('event-type')]).toEqual(['hours', 'event-type', null])
  })

  it.each([
    ['profile', 'profile', 'hours'],
    ['hours', 'profile', 'hours'],
    ['event-type', 'profile', 'event-type'],
    ['profile', 'hours', 'event-type'],
    ['event-type', 'event-type', null],
    ['profile', 'event-type', null],
    [null, 'profile', null],
  ] as const)('of who is at %s goes on after %s to %s', (at, step, next) => {
    expect(reached(at, step)).toBe(next)
  })
})

describe('an account', () => {
  let test: TestContext
  let ctx: Ctx
  beforeAll(async () => {
    test = await testContext()
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    const { id } = await insertHost(test.services.db)
    await test.services.db.updateTable('users').set({ getting_started: 'profile' }).where('id', '=', id).execute()
    ctx = test.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
  })
  const own = () => ownAccount(userScope(ctx), ctx.db)

  it('goes through the steps, and back without losing its place', async () => {
    await passStep(ctx, 'profile')
    await passStep(ctx, 'hours')
    await passStep(ctx, 'profile')
    expect((await own()).gettingStarted).toBe('event-type')
    await passStep(ctx, 'event-type')
    expect((await own()).gettingStarted).toBeNull()
    await passStep(ctx, 'profile')
    expect((await own()).gettingStarted).toBeNull()
  })

  it('may leave it all', async () => {
    await passStep(ctx, null)
    expect((await own()).gettingStarted).toBeNull()
  })

  it('never goes back by what is asked at once', async () => {
    await Promise.all([passStep(ctx, 'profile'), passStep(ctx, 'hours'), passStep(ctx, 'profile')])
    expect((await own()).gettingStarted).toBe('event-type')
  })

  it('says who it is', async () => {
    await introduce(ctx, { name: 'Zoë', username: ' Zoe ', timeZone: 'Europe/Vienna' })
    expect(await own()).toMatchObject({ name: 'Zoë', username: 'zoe', timeZone: 'Europe/Vienna' })
    const taken = await insertHost(test.services.db)
    expect(await refusal(introduce(ctx, { name: 'Zoë', username: taken.username, timeZone: 'UTC' }))).toBe(
      'username_taken/username:username_taken',
    )
    expect(await refusal(introduce(ctx, { name: '', username: 'settings', timeZone: 'x' }))).toBe(
      'invalid_input/name:field_required/username:username_reserved/timeZone:unknown_time_zone',
    )
    expect(await own()).toMatchObject({ name: 'Zoë', username: 'zoe', timeZone: 'Europe/Vienna' })
    expect(await refusal(introduce(test.visitor, { name: 'x', username: 'x', timeZone: 'UTC' }))).toBe(
      'sign_in_required',
    )
  })
})
