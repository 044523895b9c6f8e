import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { deleteView, preferView, renameView, restoreView, saveView, updateView } from './commands.ts'
import { defaultView, listViews } from './queries.ts'

let context: TestContext
let host: Ctx
let other: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  const signIn = async () => {
    const { id } = await insertHost(context.services.db)
    return context.as({ kind: 'user', userId: id, role: 'owner', via: 'session' })
  }
  ;[host, other] = [await signIn(), await signIn()]
})

const views = (ctx: Ctx) => listViews(context.services.db, userScope(ctx))

it('a view is kept in one spelling, renamed, deleted and taken back', async () => {
  const { id } = await saveView(host, { name: ' Anna ', tab: 'past', query: 'q=+Anna+&from=never&evil=1' })
  await renameView(host, { id, name: 'Ann' })
  const kept = [{ id, name: 'Ann', tab: 'past', query: 'q=Anna', isDefault: false }]
  expect(await views(host)).toEqual(kept)
  const { key } = await deleteView(host, { id })
  expect(await views(host)).toEqual([])
  await restoreView(host, { key })
  expect(await views(host)).toEqual(kept)
  expect(await refusal(restoreView(host, { key }))).toBe('nothing_to_restore')
})

it('keeps order, details and length of the list, as far as there are such', async () => {
  const query = 'show=notes&show=nonsense&size=50&sort=newest&q=anna&after=x'
  await saveView(host, { name: 'New', tab: 'past', query })
  await saveView(host, {
    name: 'Usual',
    tab: 'upcoming',
    query: 'sort=soonest&size=25&show=who&show=place&show=status',
  })
  expect((await views(host)).map((view) => view.query)).toEqual(['q=anna&sort=newest&show=notes&size=50', ''])
})

it('takes another list under its name', async () => {
  const { id } = await saveView(host, { name: 'Mine', tab: 'past', query: 'q=anna' })
  await updateView(host, { id, tab: 'nowhere', query: 'q=+bob+&size=50&sort=latest' })
  expect(await views(host)).toEqual([{ ...{ id, name: 'Mine', isDefault: false }, tab: 'all', query: 'q=bob&size=50' }])
  expect(await refusal(updateView(host, { id: id + 1000, tab: 'all', query: '' }))).toBe('view_not_found')
  expect(await refusal(updateView(host, { id, tab: 'all', query: 'q'.repeat(2001) }))).toMatch(/^invalid_input/)
})

it('bookings open with one of them, or as usual', async () => {
  const [one, two] = [
    await saveView(host, { name: 'A', tab: 'past', query: '' }),
    await saveView(host, { name: 'B', tab: 'all', query: 'q=b' }),
  ]
  const opening = async () => (await defaultView(context.services.db, userScope(host)))?.name
  expect(await opening()).toBeUndefined()
  await preferView(host, { id: one.id, preferred: true })
  await preferView(host, { id: two.id, preferred: true })
  expect(await opening()).toBe('B')
  // Deleted and brought back it is what it was, unless another took its place.
  const deleted = await deleteView(host, { id: two.id })
  expect(await opening()).toBeUndefined()
  await restoreView(host, deleted)
  expect(await opening()).toBe('B')
  const again = await deleteView(host, { id: two.id })
  await preferView(host, { id: one.id, preferred: true })
  await restoreView(host, again)
  expect(await opening()).toBe('A')
  await preferView(host, { id: one.id, preferred: false })
  expect(await opening()).toBeUndefined()
  expect(await refusal(preferView(host, { id: two.id + 1000, preferred: true }))).toBe('view_not_found')
})

it('fifty at once leave one that bookings open with', async () => {
  const ids: number[] = []
  for (let n = 0; n < 5; n++) ids.push((await saveView(host, { name: `View ${n}`, tab: 'all', query: '' })).id)
  const tries = Array.from({ length: 50 }, (_, n) => refusal(preferView(host, { id: ids[n % 5], preferred: true })))
  expect(new Set(await Promise.all(tries))).toEqual(new Set(['done']))
  expect((await views(host)).filter(({ isDefault }) => isDefault)).toHaveLength(1)
})

it('nobody changes the views of another host', async () => {
  const { id } = await saveView(host, { name: 'Mine', tab: 'all', query: '' })
  expect(await refusal(renameView(other, { id, name: 'Yours' }))).toBe('view_not_found')
  expect(await refusal(deleteView(other, { id }))).toBe('view_not_found')
  expect(await refusal(updateView(other, { id, tab: 'past', query: '' }))).toBe('view_not_found')
  await preferView(host, { id, preferred: true })
  expect(await refusal(preferView(other, { id, preferred: true }))).toBe('view_not_found')
  expect(await refusal(preferView(other, { id, preferred: false }))).toBe('view_not_found')
  expect(await defaultView(context.services.db, userScope(other))).toBeNull()
  const { key } = await deleteView(host, { id })
  expect(await refusal(restoreView(other, { key }))).toBe('nothing_to_restore')
  expect(await views(other)).toEqual([])
})

it('has an end, also for two at once', async () => {
  for (let n = 0; n < 29; n++) await saveView(host, { name: `View ${n}`, tab: 'all', query: '' })
  const tries = [1, 2, 3].map((n) => refusal(saveView(host, { name: `Last ${n}`, tab: 'all', query: '' })))
  expect((await Promise.all(tries)).sort()).toEqual(['done', 'too_many_views', 'too_many_views'])
  expect(await refusal(saveView(host, { name: '', tab: 'all', query: '' }))).toBe('invalid_input/name:field_required')
})
