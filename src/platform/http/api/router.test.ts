import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '#platform/errors.ts'
import { type ApiClient, apiClient } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { transaction } from '../../db/transaction.ts'
import { idInPath, instant, queryBoolean, queryId, queryInteger, queryList } from './fields.ts'
import { openCursor, pageQuery, paginationOf } from './pages.ts'
import { type ApiRoute, defineApiRoute } from './route.ts'
import { createRouter } from './router.ts'
import { UNVERSIONED, type Versions } from './versions.ts'

let test: TestContext
let visitor: ApiClient
let ada: ApiClient
let bob: ApiClient
/** What routes did, and in which order. */
let works: string[] = []

const VERSIONS: Versions = {
  current: '2024-08-13',
  older: [
    {
      date: '2024-06-14',
      upgrade: ({ query, body }) => ({ query, body: { name: (body as { title: string }).title } }),
      downgrade: (data) => ({ title: (data as { name: string }).name }),
    },
    { date: '2024-04-15', downgrade: (data) => (data as { title: string }).title },
  ],
}

const echo = defineApiRoute({
  method: 'get',
  path: '/echo',
  operationId: 'echo',
  tag: 'Test',
  summary: 'Says what it was asked',
  access: 'public',
  versions: UNVERSIONED,
  query: z.strictObject({
    ids: queryList(queryId).optional(),
    names: queryList(z.string()).optional(),
    flag: queryBoolean.optional(),
    count: queryInteger(0, 10).optional(),
    text: z.string().optional(),
    filter: z.strictObject({ by: z.string(), tags: queryList(z.string()).optional() }).optional(),
  }),
  data: z.record(z.string(), z.unknown()),
  run: async (_, { query }) => ({ data: query }),
})

const thing = defineApiRoute({
  method: 'get',
  path: '/things/{thingId}',
  operationId: 'getThing',
  tag: 'Test',
  summary: 'One of them',
  access: 'public',
  keyScope: 'APPS_READ',
  versions: UNVERSIONED,
  params: z.strictObject({ thingId: idInPath }),
  data: z.number(),
  run: async (_, { params }) => ({ data: params.thingId }),
})

const fixed = defineApiRoute({
  method: 'get',
  path: '/things/first',
  operationId: 'getFirst',
  tag: 'Test',
  summary: 'The first of them',
  access: 'public',
  versions: UNVERSIONED,
  data: z.string(),
  run: async () => ({ data: 'first' }),
})

const create = defineApiRoute({
  method: 'post',
  path: '/things',
  operationId: 'createThing',
  tag: 'Test',
  summary: 'Another one',
  access: 'public',
  versions: VERSIONS,
  body: z.strictObject({ name: z.string().min(1), at: instant.optional(), more: z.unknown().optional() }),
  status: 201,
  data: z.object({ name: z.string() }),
  olderData: [z.object({ title: z.string() }), z.string()],
  async run(ctx, { body }) {
    await transaction(ctx.db, async (tx) => {
      await tx
        .insertInto('instance_settings')
        .values({ key: `thing ${body.name}`, value: '{}' })
        .execute()
    })
    works.push(body.name)
    if (body.name === 'taken') throw new AppError('slug_taken', 'conflict')
    if (body.name === 'broken') throw new Error('a secret of ours')
    return { data: { name: body.name } }
  },
})

const list = defineApiRoute({
  method: 'get',
  path: '/things',
  operationId: 'listThings',
  tag: 'Test',
  summary: 'All of them',
  access: 'public',
  versions: UNVERSIONED,
  query: z.strictObject(pageQuery(100)),
  data: z.array(z.number()),
  paged: true,
  async run(_, { query: { skip, take, cursor } }) {
    const from = cursor === undefined ? skip : openCursor(cursor, z.tuple([z.number()]))[0]
    const data = Array.from({ length: 450 }, (__, index) => index).slice(from, from + take)
    const end = from + data.length
    const next = end < 450 ? [end] : null
    return { data, pagination: paginationOf({ total: 450, returned: data.length, skip: from, take, next }) }
  },
})

const routes: readonly ApiRoute[] = [thing, echo, create, list, fixed]

beforeAll(async () => {
  test = await testContext()
  const owners: Record<string, number> = { ada: 1, bob: 2 }
  const api = createRouter(test.services, {
    routes,
    ownerOf: async (key) =>
      key in owners
        ? { id: key, scopes: ['PROFILE_READ'], userId: owners[key] ?? 0, role: 'member', locale: 'en' }
        : null,
    requestIdHeader: 'x-request-id',
    clientAddressHeader: 'x-address',
  })
  visitor = apiClient(test, undefined, routes, api as never)
  ada = apiClient(test, 'ada', routes, api as never)
  bob = apiClient(test, 'bob', routes, api as never)
})
afterAll(() => test.close())
beforeEach(async () => {
  works = []
  await test.services.db.deleteFrom('instance_settings').execute()
})

const made = async () => {
  const rows = await test.services.db.selectFrom('instance_settings').select('key').execute()
  return rows.map(({ key }) => key)
}

describe('a query', () => {
  it.each([
    ['ids=1&ids=2', { ids: [1, 2] }],
    ['ids=1,2', { ids: [1, 2] }],
    ['ids[]=1&ids[]=2', { ids: [1, 2] }],
    ['ids[0]=1&ids[1]=2', { ids: [1, 2] }],
    ['ids=1', { ids: [1] }],
    ['ids%5B%5D=7', { ids: [7] }],
    ['filter[by]=name&filter[tags][]=a&filter[tags][]=b', { filter: { by: 'name', tags: ['a', 'b'] } }],
    ['flag=true&count=10&text=a,b', { flag: true, count: 10, text: 'a,b' }],
    ['names=a&names=b,c', { names: ['a', 'b,c'] }],
    ['', {}],
  ])('%s is read', async (query, data) => {
    expect((await visitor.get(`/v2/echo?${query}`)).data).toEqual(data)
  })

  it.each([
    ['ids=x', 'ids.0', 'field_invalid'],
    ['ids=99999999999999999999', 'ids.0', 'field_invalid'],
    ['ids=1&ids[a]=2', 'ids[a]', 'field_invalid'],
    ['text=a&text=b', 'text', 'field_invalid'],
    ['flag=1', 'flag', 'field_invalid'],
    ['count=11', 'count', 'field_too_large'],
    ['text=%00', 'text', 'field_unreadable'],
    ['filter=x', 'filter', 'field_invalid'],
    ['unknown=1', '', 'field_unknown'],
    ['__proto__[by]=1', '', 'field_unknown'],
    ['constructor[prototype][x]=1', '', 'field_unknown'],
    ['a[b][c][d][e][f]=1', 'a[b][c][d][e][f]', 'field_invalid'],
    [`ids=${'1,'.repeat(300)}1`, 'ids', 'field_too_many'],
    [Array.from({ length: 501 }, (_, index) => `a${index}=1`).join('&'), '', 'field_too_many'],
  ])('%s is refused', async (query, path, code) => {
    const reply = await visitor.get(`/v2/echo?${query}`)
    expect([reply.status, reply.code]).toEqual([400, 'invalid_input'])
    expect(reply.body.error.details.fields[0]).toMatchObject({ path, code })
    expect(({} as Record<string, unknown>).by).toBeUndefined()
  })
})

describe('a path', () => {
  it('leads to its route, fixed parts first', async () => {
    expect((await visitor.get('/v2/things/7')).data).toBe(7)
    expect((await visitor.get('/v2/things/first')).data).toBe('first')
    expect((await visitor.send('POST', '/v2/things/first')).headers.get('allow')).toBe('GET')
  })

  it.each(['0', '-1', 'x', '1.5', '1e3', '9'.repeat(16), '9'.repeat(400), "1'--", '%00', '%ff', '..%2f1'])(
    'with the id %s leads nowhere',
    async (id) => {
      expect((await visitor.get(`/v2/things/${id}`)).code).toBe('not_found')
    },
  )
})

it('asks more of a key than of nobody where it says so', async () => {
  expect((await visitor.get('/v2/things/7')).status).toBe(200)
  expect((await ada.get('/v2/things/7')).body.error).toMatchObject({
    code: 'scope_missing',
    details: { scope: 'APPS_READ' },
  })
})

describe('a body', () => {
  const send = (body: string, headers = {}) =>
    visitor.send('POST', '/v2/things', body, { 'cal-api-version': '2024-08-13', ...headers })

  it.each([
    ['{"name":"a"}', 'application/json'],
    ['{"name":"b"}', 'application/json; charset=utf-8'],
    ['{"name":"c"}', 'application/merge-patch+json'],
  ])('%s as %s is read', async (body, type) => {
    expect((await send(body, { 'content-type': type })).status).toBe(201)
  })

  it.each([
    ['{', 400, 'body_malformed'],
    ['{"name":"a",}', 400, 'body_malformed'],
    ['\ufeff', 400, 'invalid_input'],
    ['[]', 400, 'invalid_input'],
    ['null', 400, 'invalid_input'],
    ['7', 400, 'invalid_input'],
    ['{"name":7}', 400, 'invalid_input'],
    ['{"name":""}', 400, 'invalid_input'],
    ['{"name":"a\\u0000"}', 400, 'invalid_input'],
    ['{"name":"\\ud800"}', 400, 'invalid_input'],
    ['{"name":"a","more":{"deep":["\\u0000"]}}', 400, 'invalid_input'],
    ['{"name":"a","__proto__":{}}', 400, 'invalid_input'],
    ['{"name":"a","id":1}', 400, 'invalid_input'],
    ['{"name":"a","at":"tomorrow"}', 400, 'invalid_input'],
    ['{"name":"a","at":"2026-13-40T00:00:00Z"}', 400, 'invalid_input'],
    [`{"name":"a","more":${'['.repeat(60)}${']'.repeat(60)}}`, 400, 'invalid_input'],
    [`{"name":"a","more":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'invalid_input'],
    [`{"name":"${'a'.repeat(1_000_000)}"}`, 413, 'body_too_large'],
    ['', 400, 'invalid_input'],
  ])('%.60s … is refused', async (body, status, code) => {
    const reply = await send(body)
    expect([reply.status, reply.code]).toEqual([status, code])
    expect(await made()).toEqual([])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx', ''])(
    'of the type %s is refused, so a form of another site sends none',
    async (type) => {
      expect((await send('{"name":"a"}', { 'content-type': type })).code).toBe('body_not_json')
    },
  )

  it('that lies about its length is read no further than allowed', async () => {
    let chunks = 0
    const endless = new ReadableStream({
      pull(controller) {
        chunks++
        controller.enqueue(new TextEncoder().encode('a'.repeat(100_000)))
      },
    })
    const api = createRouter(test.services, {
      ...{ routes, ownerOf: async () => null, requestIdHeader: 'x-request-id', clientAddressHeader: 'x-address' },
    })
    const answer = await api.request('/v2/things', {
      ...{ method: 'POST', body: endless, duplex: 'half' },
      headers: { 'content-type': 'application/json' },
    } as RequestInit)
    expect(answer.status).toBe(413)
    expect(chunks).toBeLessThan(20)
  })
})

describe('a version', () => {
  const ask = (version: string | undefined, body: object) =>
    visitor.post('/v2/things', body, { 'cal-api-version': version })

  it.each([
    ['2024-08-13', '2024-08-13', { name: 'a' }, { name: 'a' }],
    ['2030-01-01', '2024-08-13', { name: 'a' }, { name: 'a' }],
    ['2024-08-12', '2024-06-14', { title: 'a' }, { title: 'a' }],
    ['2024-06-14', '2024-06-14', { title: 'a' }, { title: 'a' }],
    ['2024-06-13', '2024-04-15', { title: 'a' }, 'a'],
    ['2020-01-01', '2024-04-15', { title: 'a' }, 'a'],
  ])('%s is answered by %s', async (asked, used, body, data) => {
    const reply = await ask(asked, body)
    expect([reply.status, reply.data]).toEqual([201, data])
    expect(reply.headers.get('cal-api-version')).toBe(used)
    expect(reply.headers.get('cal-api-version-default')).toBeNull()
  })

  it.each([undefined, '', 'latest', '2024-8-13'])('%j is answered by the oldest one, which is said', async (asked) => {
    const reply = await ask(asked, { title: 'a' })
    expect([reply.data, reply.headers.get('cal-api-version-default')]).toEqual(['a', '2024-04-15'])
  })
})

describe('a list', () => {
  it('comes in pages', async () => {
    const { data, body } = await visitor.get('/v2/things?skip=400&take=100')
    expect(data).toHaveLength(50)
    expect(body.pagination).toEqual({
      ...{ totalItems: 450, remainingItems: 0, returnedItems: 50, itemsPerPage: 100, currentPage: 5, totalPages: 5 },
      ...{ hasNextPage: false, hasPreviousPage: true, nextCursor: null },
    })
    expect((await visitor.get('/v2/things')).body.pagination).toMatchObject({ itemsPerPage: 100, hasNextPage: true })
  })

  it('is read to its end by cursors', async () => {
    const seen: number[] = []
    let next: string | null = ''
    while (next !== null) {
      const { data, body } = await visitor.get(`/v2/things?take=200${next && `&cursor=${next}`}`)
      seen.push(...data)
      next = body.pagination.nextCursor
    }
    expect(seen).toEqual(Array.from({ length: 450 }, (_, index) => index))
  })

  it.each(['take=0', 'take=251', 'skip=-1', 'take=x', 'cursor=x', 'cursor=e30', 'skip=1e9'])(
    'refuses %s',
    async (query) => {
      expect((await visitor.get(`/v2/things?${query}`)).code).toBe('invalid_input')
    },
  )
})

describe('an Idempotency-Key', () => {
  const ask = (client: ApiClient, key: string, name: string, headers = {}) =>
    client.post('/v2/things', { name }, { 'cal-api-version': '2024-08-13', 'idempotency-key': key, ...headers })

  it('brings the first reply back', async () => {
    const first = await ask(ada, 'k1', 'one')
    const second = await ask(ada, 'k1', 'one')
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null])
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(second.body).toEqual(first.body)
    expect(works).toEqual(['one'])
  })

  it('is refused for another request', async () => {
    await ask(ada, 'k2', 'one')
    const reply = await ask(ada, 'k2', 'two')
    expect([reply.status, reply.code]).toEqual([409, 'idempotency_key_reused'])
    expect(await made()).toEqual(['thing one'])
  })

  it('belongs to who sent it', async () => {
    await ask(ada, 'k3', 'one')
    for (const [client, name, headers] of [
      [bob, 'two', {}],
      [visitor, 'three', { 'x-address': '192.0.2.1' }],
      [visitor, 'four', { 'x-address': '192.0.2.2' }],
    ] as const) {
      expect((await ask(client, 'k3', name, headers)).headers.get('idempotency-replayed')).toBeNull()
    }
    expect(works).toEqual(['one', 'two', 'three', 'four'])
  })

  it('makes one of fifty at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => ask(ada, 'k4', 'one')))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201]))
    expect(all.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
    expect(await made()).toEqual(['thing one'])
  })

  it('keeps nothing of what was refused or broke, work included', async () => {
    expect((await ask(ada, 'k5', 'taken')).code).toBe('slug_taken')
    expect((await ask(ada, 'k6', 'broken')).code).toBe('unexpected')
    expect(await made()).toEqual([])
    expect((await ask(ada, 'k5', 'free')).status).toBe(201)
    expect(await made()).toEqual(['thing free'])
  })

  it('has the reply sealed where it rests', async () => {
    await ask(ada, 'k7', 'whisper')
    const rows = await test.services.db
      .selectFrom('idempotency_keys')
      .select('answer')
      .where('key', '=', 'k7')
      .execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('whisper')
  })

  it.each(['', 'ä', 'x'.repeat(256), 'a b'])('is not %j', async (key) => {
    expect((await ask(ada, encodeHeader(key), 'one')).code).toBe('idempotency_key_invalid')
  })
})

/** As a header carries it: bytes. */
const encodeHeader = (text: string) => Buffer.from(text).toString('latin1')

it('says nothing of what broke', async () => {
  const reply = await visitor.post('/v2/things', { name: 'broken' }, { 'cal-api-version': '2024-08-13' })
  expect([reply.status, reply.code]).toEqual([500, 'unexpected'])
  expect(JSON.stringify(reply.body)).not.toContain('secret')
})
