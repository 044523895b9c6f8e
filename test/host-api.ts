import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type ApiClient, apiClient, insertApiKey } from './api.ts'
import { type TestContext, testContext } from './context.ts'
import { insertHost, type TestHost } from './offers.ts'

/** What stands when a test begins: each has a host of its own. */
interface Setting {
  context: TestContext
  host: TestHost
  /** With a key of the host. */
  api: ApiClient
}

/** A host with a key, for the tests of a file. */
export function useHostApi(): Setting {
  const at = {} as Setting
  beforeAll(async () => {
    at.context = await testContext()
  })
  afterAll(() => at.context.close())
  beforeEach(async () => {
    at.host = await insertHost(at.context.services.db)
    at.api = apiClient(at.context, await insertApiKey(at.context, at.host.id))
  })
  return at
}
