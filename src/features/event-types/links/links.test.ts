import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { randomToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { deleteEventType, restoreEventType } from '../commands.ts'
import { createPrivateLink, revokePrivateLink } from './commands.ts'
import { linkByToken, listPrivateLinks } from './queries.ts'
import type { NewPrivateLink } from './schema.ts'

let test: TestContext
let host: TestHost
let ctx: Ctx
let other: Ctx
let eventTypeId: number

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  const { db } = test.database
  host = await insertHost(db)
  eventTypeId = await insertEventType(db, host.id)
  ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
  other = test.as({ kind: 'user', userId: (await insertHost(db)).id, role: 'member', via: 'session' })
})

const make = (input: Partial<NewPrivateLink> = {}) => createPrivateLink(ctx, { eventTypeId, ...input })
const list = (after?: number) => listPrivateLinks(ctx, userScope(ctx), { eventTypeId, after })

describe('createPrivateLink', () => {
  it('makes a link for one booking that its host can copy again', async () => {
    const { token, slug, id } = await make({ label: 'Newsletter' })
    expect(token).toMatch(/^[\w-]{24}$/)
    expect(slug).toBe('talk')
    const { links } = await list()
    expect(links).toMatchObject([{ id, token, label: 'Newsletter', mostUses: 1, uses: 0, expiresAt: null }])
  })

  it('keeps no token that a reader of the database could use', async () => {
    const { token, id } = await make()
    const row = await ctx.db.selectFrom('private_links').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(token)
    expect(row.token_hash.equals(Buffer.from(token, 'base64url'))).toBe(false)
  })

  it('says so when the secret of the instance is another', async () => {
    const { token } = await make()
    const config = { ...ctx.config, secret: Buffer.from(randomToken()) }
    const { links } = await listPrivateLinks({ ...ctx, config }, userScope(ctx), { eventTypeId })
    expect(links[0]?.token).toBeNull()
    expect(await linkByToken(ctx.db, token)).not.toBeNull()
  })

  it('takes a person, an end, a number of uses and chosen starts', async () => {
    const { token } = await make({
      person: { name: 'Bo', email: ' BO@Example.net' },
      ...{ expiresAt: '2026-12-01T00:00:00+01:00', mostUses: null, duration: 30 },
      starts: ['2026-11-25T09:00:00Z', '2026-11-24T09:00:00Z', '2026-11-25T10:00:00+01:00'],
    })
    expect(await linkByToken(ctx.db, token)).toMatchObject({
      person: { name: 'Bo', email: 'bo@example.net' },
      expiresAt: Date.parse('2026-11-30T23:00:00Z'),
      ...{ mostUses: null, duration: 30 },
      starts: [Date.parse('2026-11-24T09:00:00Z'), Date.parse('2026-11-25T09:00:00Z')],
    })
  })

  it.each<[Partial<NewPrivateLink>, string]>([
    [{ mostUses: 0 }, 'invalid_input/mostUses:field_too_small'],
    [{ person: { name: 'Bo', email: 'nobody' } }, 'invalid_input/person.email:email_invalid'],
    [{ expiresAt: '2026-11-23T08:00:00Z' }, 'link_expired'],
    [{ starts: ['2026-11-23T07:00:00Z'] }, 'link_expired'],
    [{ starts: [] }, 'invalid_input/starts:field_too_few'],
    [{ duration: 25 }, 'duration_not_offered'],
  ])('%j is refused', async (input, why) => {
    expect(await refusal(make(input))).toBe(why)
  })

  it('is for the host alone', async () => {
    expect(await refusal(createPrivateLink(other, { eventTypeId }))).toBe('event_type_not_found')
    expect(await refusal(createPrivateLink(test.visitor, { eventTypeId }))).toBe('sign_in_required')
    await make()
    expect((await listPrivateLinks(other, userScope(other), { eventTypeId })).links).toEqual([])
  })

  it('stops at 1,000 open ones', async () => {
    const row = { event_type_id: eventTypeId, sealed_token: '', starts: null, duration: null, expires_at: null }
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      ...{ ...row, token_hash: Buffer.from(`${eventTypeId}/${i}`), most_uses: 1, created_at: ctx.clock.now() },
    }))
    await ctx.db.insertInto('private_links').values(rows).execute()
    expect(await refusal(make())).toBe('too_many_links')
    await ctx.db.updateTable('private_links').set({ uses: 1 }).where('event_type_id', '=', eventTypeId).execute()
    expect(await refusal(make())).toBe('done')
  })
})

it('lists page by page, the newest first', async () => {
  const made: number[] = []
  for (let i = 0; i < 45; i++) made.push((await make()).id)
  const first = await list()
  const second = await list(first.next ?? undefined)
  const third = await list(second.next ?? undefined)
  const all = [first, second, third].flatMap((page) => page.links.map((one) => one.id))
  expect(all).toEqual(made.reverse())
  expect(third.next).toBeNull()
})

it('is taken back by its host only, and stays so', async () => {
  const { id, token } = await make()
  expect(await refusal(revokePrivateLink(other, { eventTypeId, id }))).toBe('event_type_not_found')
  await revokePrivateLink(ctx, { eventTypeId, id })
  const first = (await linkByToken(ctx.db, token))?.revokedAt
  await revokePrivateLink(ctx, { eventTypeId, id })
  expect((await linkByToken(ctx.db, token))?.revokedAt).toBe(first)
  expect(await refusal(revokePrivateLink(ctx, { eventTypeId, id: id + 1000 }))).toBe('link_not_found')
  const events = await ctx.db
    .selectFrom('events')
    .select('name')
    .where('subject', '=', `event-type:${eventTypeId}`)
    .execute()
  expect(events.map((one) => one.name)).toEqual([
    'private_link.created',
    'private_link.revoked',
    'private_link.revoked',
  ])
})

it('goes with its event type and comes back with it', async () => {
  const { token, id } = await make({ label: 'Kept', starts: ['2026-11-24T09:00:00Z'] })
  const before = await linkByToken(ctx.db, token)
  const { key } = await deleteEventType(ctx, { id: eventTypeId })
  expect(await linkByToken(ctx.db, token)).toBeNull()
  await restoreEventType(ctx, { key })
  expect(await linkByToken(ctx.db, token)).toEqual(before)
  expect((await make()).id).toBeGreaterThan(id)
})
