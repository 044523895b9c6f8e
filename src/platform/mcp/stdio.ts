import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createToolServer, type ToolServerOptions } from './server.ts'

/** Longest message, bytes. */
const MOST_BYTES = 1_000_000

/** Serves whoever started this process over its standard input and output, until that ends or a signal comes. Calls under way are answered. */
export async function serveStdio(options: ToolServerOptions): Promise<void> {
  const pending = new Set<Promise<unknown>>()
  const server = createToolServer({ ...options, pending })
  server.onerror = ({ message }) => options.log.warn({ reason: message.slice(0, 200) }, 'no message of the protocol')
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: MOST_BYTES })
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve
  })
  const signalled = ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => once(process, signal))
  await server.connect(transport)
  await Promise.race([once(process.stdin, 'end'), closed, ...signalled])
  // What came last is on its way to its handler, and what that answers to the output.
  await turn()
  await Promise.allSettled(pending)
  await turn()
  await server.close()
}
