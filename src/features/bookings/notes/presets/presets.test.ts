import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { addPreset, changePreset, deletePreset, restorePreset } from './commands.ts'
import { listPresets } from './queries.ts'

let context: TestContext
let host: Ctx
let other: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  const { db } = context.services
  const [one, two] = [await insertHost(db), await insertHost(db)]
  host = context.as({ kind: 'user', userId: one.id, role: 'owner', via: 'session' })
  other = context.as({ kind: 'user', userId: two.id, role: 'owner', via: 'session' })
})

const known = (ctx: Ctx) => listPresets(context.services.db, userScope(ctx))

describe('texts for notes', () => {
  it('are added, changed, deleted and brought back', async () => {
    const { id } = await addPreset(host, { text: ' Called, no answer ', reason: '' })
    await addPreset(host, { text: 'Ill', reason: 'I am ill and sorry\r\nto cancel.' })
    expect(await known(host)).toMatchObject([
      { text: 'Called, no answer', reason: '' },
      { text: 'Ill', reason: 'I am ill and sorry\nto cancel.' },
    ])
    await changePreset(host, { id, text: 'Called twice', reason: '' })
    const { key } = await deletePreset(host, { id })
    expect((await known(host)).map(({ text }) => text)).toEqual(['Ill'])
    await restorePreset(host, { key })
    expect((await known(host)).map(({ text }) => text)).toEqual(['Called twice', 'Ill'])
    expect(await refusal(restorePreset(host, { key }))).toBe('nothing_to_restore')
  })

  it('are one host’s own', async () => {
    const { id } = await addPreset(host, { text: 'Mine' })
    expect(await refusal(changePreset(other, { id, text: 'Yours' }))).toBe('preset_not_found')
    expect(await refusal(deletePreset(other, { id }))).toBe('preset_not_found')
    expect(await refusal(addPreset(context.visitor, { text: 'Mine' }))).toBe('sign_in_required')
    const { key } = await deletePreset(host, { id })
    expect(await refusal(restorePreset(other, { key }))).toBe('nothing_to_restore')
    expect(await known(other)).toEqual([])
  })

  it('say something, and not too much', async () => {
    expect(await refusal(addPreset(host, { text: '  ' }))).toBe('invalid_input/text:field_required')
    expect(await refusal(addPreset(host, { text: 'x'.repeat(501) }))).toBe('invalid_input/text:field_too_long')
  })

  it('are no more than thirty, however many are added at once', async () => {
    const tries = await Promise.all(Array.from({ length: 50 }, (_, n) => refusal(addPreset(host, { text: `T ${n}` }))))
    expect(tries.filter((one) => one === 'done')).toHaveLength(30)
    expect(new Set(tries)).toEqual(new Set(['done', 'too_many_presets']))
    expect(await known(host)).toHaveLength(30)
  })
})
