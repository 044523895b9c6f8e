import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { createFront } from '#app/front.ts'
import { createMetrics } from '#platform/metrics.ts'
import { type TestContext, testContext } from '#test/context.ts'

export interface ApiServer {
  test: TestContext
  /** Without a slash at the end. */
  url: string
  close(): Promise<void>
}

/** The API as it is served, on a real port and a database of its own; the clock stands still. */
export async function startApi(options: Parameters<typeof testContext>[0] = {}): Promise<ApiServer> {
  const test = await testContext(options)
  const metrics = createMetrics({
    statements: { statements: 0 },
    pool: new pg.Pool(),
    openDeliveries: async () => [],
  })
  const { server, url } = await listening(createFront(test.services, metrics, (_, __, next) => next()))
  return {
    ...{ test, url },
    async close() {
      await stopped(server)
      await test.close()
    },
  }
}

/** On a free port of this machine alone. */
export async function listening(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export async function stopped(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
