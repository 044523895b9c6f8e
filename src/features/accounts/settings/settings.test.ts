import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { ownAccount, publicProfile } from '../queries.ts'
import { chooseTheme, updateGeneral, updateKeyboard, updateVisibility } from './commands.ts'

let test: TestContext
let ctx: Ctx
let host: TestHost
let other: TestHost
beforeAll(async () => {
  test = await testContext()
  host = await insertHost(test.services.db)
  other = await insertHost(test.services.db)
  ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
})
afterAll(() => test.close())

const READING = { timeZone: 'Asia/Tokyo', locale: 'de', hourCycle: 'h12', weekStart: '6' }
const account = (id: number) =>
  test.services.db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const told = () =>
  test.services.db
    .selectFrom('events')
    .where('subject', '=', `user:${host.id}`)
    .select(['name', 'payload'])
    .orderBy('position')
    .execute()

it('changes how somebody reads times and words, and tells it without saying how', async () => {
  const before = await account(other.id)
  await updateGeneral(ctx, READING)
  expect(await ownAccount(userScope(ctx), ctx.db)).toMatchObject({
    ...{ timeZone: 'Asia/Tokyo', locale: 'de', hourCycle: 'h12', weekStart: 6 },
  })
  expect(await told()).toEqual([{ name: 'account.general_changed', payload: { userId: host.id } }])
  expect(await account(other.id)).toEqual(before)
})

it.each([
  [{ timeZone: 'Mars/Olympus' }, 'invalid_input/timeZone:unknown_time_zone'],
  [{ timeZone: '+02:00' }, 'invalid_input/timeZone:unknown_time_zone'],
  [{ locale: 'xx' }, 'invalid_input/locale:field_invalid'],
  [{ weekStart: '7' }, 'invalid_input/weekStart:field_invalid'],
  [{ hourCycle: 'h24' }, 'invalid_input/hourCycle:field_invalid'],
  [{ role: 'owner' }, 'invalid_input/:field_unknown'],
])('refuses %j and stays as it was', async (more, problem) => {
  const before = await account(host.id)
  expect(await refusal(updateGeneral(ctx, { ...READING, ...more }))).toBe(problem)
  expect(await account(host.id)).toEqual(before)
})

it('lets search engines and group links in only when asked to', async () => {
  expect(await publicProfile(test.services.db, host.username)).toMatchObject({ searchIndexed: false })
  await updateVisibility(ctx, { searchIndexed: 'on' })
  expect(await publicProfile(test.services.db, host.username)).toMatchObject({ searchIndexed: true })
  expect(await account(host.id)).toMatchObject({ search_indexed: true, group_links: false })
  await updateVisibility(ctx, { groupLinks: 'on' })
  expect(await account(host.id)).toMatchObject({ search_indexed: false, group_links: true })
  expect(await refusal(updateVisibility(ctx, { searchIndexed: 'true' }))).toMatch(/^invalid_input/)
})

it('lets single keys do something until that is switched off', async () => {
  expect(await ownAccount(userScope(ctx), ctx.db)).toMatchObject({ shortcuts: true })
  await updateKeyboard(ctx, {})
  expect(await ownAccount(userScope(ctx), ctx.db)).toMatchObject({ shortcuts: false })
  expect(await told()).toContainEqual({ name: 'account.keyboard_changed', payload: { userId: host.id } })
  await updateKeyboard(ctx, { shortcuts: 'on' })
  expect(await ownAccount(userScope(ctx), ctx.db)).toMatchObject({ shortcuts: true })
  expect(await refusal(updateKeyboard(ctx, { shortcuts: 'yes' }))).toMatch(/^invalid_input/)
})

it('chooses a theme and leaves the rest of the appearance alone', async () => {
  const before = await account(host.id)
  await chooseTheme(ctx, { theme: 'dark' })
  const { updated_at: _, ...after } = await account(host.id)
  expect({ ...before, ...after }).toEqual({ ...before, theme: 'dark' })
  expect(await told()).toContainEqual({ name: 'account.appearance_changed', payload: { userId: host.id } })
  expect(await refusal(chooseTheme(ctx, { theme: 'pink' }))).toMatch(/^invalid_input/)
  expect(await refusal(chooseTheme(ctx, { theme: 'dark', role: 'owner' }))).toBe('invalid_input/:field_unknown')
})

it('needs someone signed in', async () => {
  expect(await refusal(updateGeneral(test.visitor, READING))).toBe('sign_in_required')
  expect(await refusal(updateVisibility(test.visitor, {}))).toBe('sign_in_required')
  expect(await refusal(updateKeyboard(test.visitor, {}))).toBe('sign_in_required')
  expect(await refusal(chooseTheme(test.visitor, { theme: 'dark' }))).toBe('sign_in_required')
})
