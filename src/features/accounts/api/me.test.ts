import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost, type TestHost } from '#test/offers.ts'
import { publicAvatar } from '../avatars/queries.ts'
import { MOST_AVATAR_BYTES } from '../avatars/rules.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkM9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const PAGES: Record<string, [status: number, body: Buffer]> = {
  '/me.png': [200, PNG],
  '/page': [200, Buffer.from('<html>')],
  '/gone': [404, PNG],
  '/moved': [302, Buffer.alloc(0)],
  '/empty': [200, Buffer.alloc(0)],
  '/huge': [200, Buffer.concat([PNG, Buffer.alloc(MOST_AVATAR_BYTES)])],
}

let test: TestContext
let pictures: Server
let origin: string
let asked: string[]
let host: TestHost
let api: ApiClient
beforeAll(async () => {
  pictures = createServer(({ url = '' }, response) => {
    asked.push(url)
    const [status, body] = PAGES[url] ?? [404, Buffer.alloc(0)]
    response.writeHead(status, { location: '/me.png' }).end(body)
  })
  await new Promise<void>((listening) => pictures.listen(0, '127.0.0.1', listening))
  origin = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`
  test = await testContext({ env: { SUNDIAL_OUTBOUND_ALLOW: '127.0.0.1' } })
})
afterAll(async () => {
  await test.close()
  pictures.close()
})
beforeEach(async () => {
  asked = []
  host = await insertHost(test.services.db)
  api = apiClient(test, await insertApiKey(test, host.id))
})

const change = (body: object) => api.patch('/v2/me', body)

describe('a picture', () => {
  it('is fetched from its address, once, and has an address here', async () => {
    const { data } = await change({ avatarUrl: `${origin}/me.png` })
    expect(data.avatarUrl).toMatch(/^https:\/\/book\.example\.org\/avatar\//)
    expect((await publicAvatar(test.services.db, host.username))?.bytes.equals(PNG)).toBe(true)
    expect((await change({ avatarUrl: data.avatarUrl })).data).toEqual(data)
    expect(asked).toEqual(['/me.png'])
    expect((await change({ avatarUrl: null })).data.avatarUrl).toBeNull()
    expect((await change({ avatarUrl: '' })).status).toBe(200)
  })

  it.each([
    ['/page', 'avatar_not_an_image'],
    ['/gone', 'avatar_unreachable'],
    ['/moved', 'avatar_unreachable'],
    ['/empty', 'avatar_missing'],
    ['/huge', 'outbound_too_large'],
  ])('is not at %s, and nothing else changes', async (path, code) => {
    const before = (await api.get('/v2/me')).data
    const { status, body } = await change({ name: 'Other', avatarUrl: origin + path })
    expect([status, body.error.details.fields]).toMatchObject([400, [{ path: 'avatarUrl', code }]])
    expect((await api.get('/v2/me')).data).toEqual(before)
  })

  it.each([
    ['http://10.0.0.1/me.png', 'outbound_forbidden'],
    ['http://169.254.169.254/latest/meta-data', 'outbound_forbidden'],
    ['file:///etc/passwd', 'outbound_address_invalid'],
    ['me.png', 'outbound_address_invalid'],
  ])('is not fetched from %s', async (avatarUrl, code) => {
    const { status, body } = await change({ avatarUrl })
    expect([status, body.error.details.fields[0].code]).toEqual([400, code])
  })
})

describe('metadata', () => {
  it('are kept with the account, and replaced', async () => {
    const before = (await api.get('/v2/me')).data
    expect(before.metadata).toEqual({})
    const { data } = await change({ metadata: { crm: '17', team: 'blue' } })
    expect(data).toEqual({ ...before, metadata: { crm: '17', team: 'blue' } })
    expect((await change({ name: 'Ada' })).data.metadata).toEqual(data.metadata)
    expect((await change({ metadata: { crm: '18' } })).data.metadata).toEqual({ crm: '18' })
    expect((await change({ metadata: {} })).data.metadata).toEqual({})
  })

  it.each([
    [{ ['k'.repeat(41)]: 'x' }],
    [{ k: 'x'.repeat(501) }],
    [{ k: 1 }],
    [Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'x']))],
    ['text'],
  ])('have bounds: %j', async (metadata) => {
    const { status, body } = await change({ metadata })
    expect([status, body.error.details.fields[0].path]).toEqual([400, expect.stringMatching(/^metadata/)])
    expect((await api.get('/v2/me')).data.metadata).toEqual({})
  })
})

it('a change notes what changed, and nothing else', async () => {
  await change({ name: 'Ada', metadata: { crm: '17' } })
  const told = await test.services.db
    .selectFrom('events')
    .where('owner_id', '=', host.id)
    .select('name')
    .orderBy('position')
    .execute()
  expect(told.map(({ name }) => name).filter((name) => name.startsWith('account.'))).toEqual([
    'account.profile_changed',
    'account.metadata_changed',
  ])
})

it('a mail address is not changed by a program', async () => {
  const { status, body } = await change({ email: 'eve@example.org' })
  expect([status, body.error.details.fields[0].code]).toEqual([400, 'field_unknown'])
})
