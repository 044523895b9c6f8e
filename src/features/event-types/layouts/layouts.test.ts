import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { createEventType } from '../commands.ts'
import { findEventType } from '../queries.ts'
import { updateDefaultLayouts } from './commands.ts'

let test: TestContext
let ctx: Ctx
beforeAll(async () => {
  test = await testContext()
  const { id } = await insertHost(test.services.db)
  ctx = test.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
})
afterAll(() => test.close())

const made = async (more: object = {}) => {
  const { id } = await createEventType(ctx, { title: 'A talk', durations: [30], ...more })
  return (await findEventType(ctx.db, userScope(ctx), id)).layouts
}

it('are what new event types begin with, unless they name their own', async () => {
  expect(await made()).toEqual({ enabled: ['month'], default: 'month' })
  await updateDefaultLayouts(ctx, { enabled: ['month', 'week'], default: 'week' })
  expect(await made()).toEqual({ enabled: ['month', 'week'], default: 'week' })
  const own = { enabled: ['column'], default: 'column' }
  expect(await made({ layouts: own })).toEqual(own)
})

it.each([
  [{ enabled: [], default: 'month' }, 'invalid_input/enabled:field_too_few/default:layout_not_enabled'],
  [{ enabled: ['month'], default: 'week' }, 'invalid_input/default:layout_not_enabled'],
  [{ enabled: ['spiral'], default: 'month' }, 'invalid_input/enabled.0:field_invalid'],
])('refuses %j', async (input, problem) => {
  expect(await refusal(updateDefaultLayouts(ctx, input))).toBe(problem)
})

it('needs someone signed in', async () => {
  expect(await refusal(updateDefaultLayouts(test.visitor, { enabled: ['month'], default: 'month' }))).toBe(
    'sign_in_required',
  )
})
