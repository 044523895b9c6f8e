import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ownAccount } from '#features/accounts/queries.ts'
import { eventTypeChoices } from '#features/event-types/listing/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { refusal } from '#test/refusal.ts'
import { firstSchedule, startWithEventType, startWithHours, startWithProfile } from './getting-started.ts'
import { createUser } from './onboarding.ts'

let test: TestContext
let ctx: Ctx
let made = 0
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  made++
  const system = test.as({ kind: 'system' })
  const person = { name: 'Zoë', username: `zoe${made}`, email: `zoe${made}@example.org`, password: 'quiet otter 42' }
  const { id, role } = await createUser(system, { ...person, timeZone: 'UTC' }, 'member', async (_, user) => user)
  ctx = test.as({ kind: 'user', userId: id, role, via: 'session' })
})

const own = () => ownAccount(userScope(ctx), ctx.db)
const profile = (more: object = {}) => ({ name: 'Zoë', username: `zoe${made}`, timeZone: 'Europe/Vienna', ...more })

it('waits for an account that was made on the command line, too', async () => {
  expect((await own()).gettingStarted).toBe('profile')
})

describe('who somebody is', () => {
  it('takes the hours along that were meant in the zone before', async () => {
    await startWithProfile(ctx, await own(), profile())
    expect(await own()).toMatchObject({ timeZone: 'Europe/Vienna', gettingStarted: 'hours' })
    expect((await firstSchedule(ctx))?.timeZone).toBe('Europe/Vienna')
  })

  it('leaves hours alone that have a zone of their own', async () => {
    const { userId } = userScope(ctx)
    await ctx.db.updateTable('schedules').set({ time_zone: 'Asia/Tokyo' }).where('user_id', '=', userId).execute()
    await startWithProfile(ctx, await own(), profile())
    expect((await firstSchedule(ctx))?.timeZone).toBe('Asia/Tokyo')
  })

  it('keeps the step when something is wrong, and the picture that was right', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const avatar = new File([png], 'me.png', { type: 'image/png' })
    expect(await refusal(startWithProfile(ctx, await own(), profile({ username: 'settings', avatar })))).toBe(
      'invalid_input/username:username_reserved',
    )
    expect(await own()).toMatchObject({ gettingStarted: 'profile', avatarEtag: expect.any(String), timeZone: 'UTC' })
    expect(await refusal(startWithProfile(ctx, await own(), profile({ avatar: new File(['x'], 'x.png') })))).toMatch(
      /^avatar_not_an_image/,
    )
  })
})

describe('when somebody has time', () => {
  it('is the default schedule, also when every one was deleted', async () => {
    const weekly = [{ days: [1], start: 480, end: 600 }]
    await startWithHours(ctx, await own(), weekly)
    const first = await firstSchedule(ctx)
    expect(first).toMatchObject({ weekly, isDefault: true, timeZone: 'UTC' })
    await ctx.db.deleteFrom('schedules').where('user_id', '=', userScope(ctx).userId).execute()
    await startWithHours(ctx, await own(), weekly)
    expect(await firstSchedule(ctx)).toMatchObject({ weekly, isDefault: true })
  })

  it('is refused by day', async () => {
    expect(await refusal(startWithHours(ctx, await own(), [{ days: [3], start: 600, end: 540 }]))).toBe(
      'invalid_input/weekly.3.0:range_ends_before_start',
    )
    expect((await own()).gettingStarted).toBe('profile')
  })
})

it('ends with the first event type', async () => {
  expect(await refusal(startWithEventType(ctx, { title: '', durations: [30] }))).toBe(
    'invalid_input/title:field_required',
  )
  await startWithEventType(ctx, { title: 'A talk', durations: [30] })
  expect(await eventTypeChoices(ctx.db, userScope(ctx))).toMatchObject([{ title: 'A talk', slug: 'a-talk' }])
  expect((await own()).gettingStarted).toBeNull()
})
