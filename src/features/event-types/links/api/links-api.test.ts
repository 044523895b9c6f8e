import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiClient, type ApiReply, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'

let test: TestContext
let api: ApiClient
let path: string
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  const host = await insertHost(test.services.db)
  api = apiClient(test, await insertApiKey(test, host.id))
  path = `/v2/event-types/${await insertEventType(test.services.db, host.id)}/private-links`
})

const ids = ({ data }: ApiReply): string[] => data.map((one: { linkId: string }) => one.linkId)
async function make(count: number): Promise<string[]> {
  const made: string[] = []
  for (let i = 0; i < count; i++) made.unshift((await api.post(path)).data.linkId)
  return made
}

describe('private links', () => {
  it('are listed by pages, by position or behind the last one', async () => {
    const all = await make(5)
    const first = await api.get(`${path}?take=2`)
    const second = await api.get(`${path}?take=2&cursor=${first.body.pagination.nextCursor}`)
    const third = await api.get(`${path}?take=2&cursor=${second.body.pagination.nextCursor}`)
    expect([first, second, third].flatMap(ids)).toEqual(all)
    expect(second.body.pagination).toMatchObject({ totalItems: 5, remainingItems: 1, hasPreviousPage: true })
    expect(third.body.pagination).toMatchObject({ remainingItems: 0, nextCursor: null })
    expect(ids(await api.get(`${path}?skip=3`))).toEqual(all.slice(3))
    expect((await api.get(`${path}?cursor=x`)).code).toBe('invalid_input')
    expect((await api.get(`${path}?take=251`)).code).toBe('invalid_input')
  })

  it('are all there, however many newer ones were taken back', async () => {
    const [old] = await make(1)
    for (const linkId of await make(3)) await api.delete(`${path}/${linkId}`)
    const page = await api.get(`${path}?take=1`)
    expect([ids(page), page.body.pagination.totalItems]).toEqual([[old], 1])
  })
})
