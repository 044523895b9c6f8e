import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { createApi } from './api.ts'

let test: TestContext
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())

it.each(['stripe', 'anything', '..%2fv2', '__proto__'])('nobody listens to %s', async (name) => {
  const answer = await createApi(test.services).request(`/api/inbound/${name}`, { method: 'POST', body: '{}' })
  expect(answer.status).toBe(404)
  expect(await test.services.db.selectFrom('inbound_messages').selectAll().execute()).toEqual([])
})
