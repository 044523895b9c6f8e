import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { ownAccount } from '../queries.ts'
import { removeAvatar, replaceAvatar } from './commands.ts'
import { publicAvatar } from './queries.ts'
import { MOST_AVATAR_BYTES } from './rules.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')

let test: TestContext
let ctx: Ctx
let username: string
beforeAll(async () => {
  test = await testContext()
  const host = await insertHost(test.services.db)
  username = host.username
  ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
})
afterAll(() => test.close())

const etag = async () => (await ownAccount(userScope(ctx), ctx.db)).avatarEtag

describe('an avatar', () => {
  it('is what its bytes are, whatever it calls itself, and has a new tag when it changes', async () => {
    expect(await publicAvatar(ctx.db, username)).toBeNull()
    await replaceAvatar(ctx, new File([PNG], 'me.html', { type: 'text/html' }))
    const first = await publicAvatar(ctx.db, username)
    expect(first).toMatchObject({ contentType: 'image/png', etag: await etag() })
    expect(first?.bytes.equals(PNG)).toBe(true)
    await replaceAvatar(ctx, new File([GIF], 'me.gif'))
    expect(await publicAvatar(ctx.db, username)).toMatchObject({ contentType: 'image/gif' })
    expect(await etag()).not.toBe(first?.etag)
    await removeAvatar(ctx)
    expect(await publicAvatar(ctx.db, username)).toBeNull()
    expect(await etag()).toBeNull()
  })

  it('may have a megabyte', async () => {
    const bytes = Buffer.concat([PNG, Buffer.alloc(MOST_AVATAR_BYTES - PNG.length)])
    expect(await refusal(replaceAvatar(ctx, new File([bytes], 'me.png')))).toBe('done')
    const more = Buffer.concat([bytes, Buffer.alloc(1)])
    expect(await refusal(replaceAvatar(ctx, new File([more], 'me.png')))).toMatch(/^avatar_too_large/)
  })

  it.each([
    ['a page', new File(['<html>'], 'me.png', { type: 'image/png' }), 'avatar_not_an_image/avatar:avatar_not_an_image'],
    ['SVG', new File([SVG], 'me.svg', { type: 'image/svg+xml' }), 'avatar_not_an_image/avatar:avatar_not_an_image'],
    ['a sound', new File(['RIFF\0\0\0\0WAVE'], 'me.webp'), 'avatar_not_an_image/avatar:avatar_not_an_image'],
    ['nothing', new File([], ''), 'avatar_missing/avatar:avatar_missing'],
    ['a text field', 'me.png', 'avatar_missing/avatar:avatar_missing'],
    ['no field', null, 'avatar_missing/avatar:avatar_missing'],
  ])('is not %s', async (_, file, problem) => {
    expect(await refusal(replaceAvatar(ctx, file))).toBe(problem)
  })

  it('is for people who are signed in to set', async () => {
    expect(await refusal(replaceAvatar(test.visitor, new File([PNG], 'me.png')))).toBe('sign_in_required')
    expect(await refusal(removeAvatar(test.visitor))).toBe('sign_in_required')
  })
})
