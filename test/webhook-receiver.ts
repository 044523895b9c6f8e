import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

/** What a webhook sent. */
export interface ReceivedCall {
  path: string
  headers: IncomingHttpHeaders
  body: string
  /** The body, where it is JSON. */
  json: { triggerEvent: string; createdAt: string; payload: Record<string, unknown> }
  /** Milliseconds of performance.now(). */
  at: number
}

export type Answer = (call: ReceivedCall, response: ServerResponse) => void

export interface WebhookReceiver {
  /** Without a slash at the end. */
  url: string
  /** In the order they came. */
  calls: ReceivedCall[]
  /** How calls are answered from now on; with 200 at first. */
  answer: Answer
  close(): Promise<void>
}

/** A real HTTP server on loopback, as somebody runs who receives webhooks. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const isJson = request.headers['content-type'] === 'application/json'
      const call = {
        ...{ path: request.url ?? '', headers: request.headers, body, at: performance.now() },
        json: isJson ? JSON.parse(body) : null,
      }
      receiver.calls.push(call)
      receiver.answer(call, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`,
    calls: [],
    answer: (_call, response) => response.end('ok'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
