import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Services } from '../ctx.ts'
import { databaseTrouble, TROUBLE_SECONDS } from '../db/trouble.ts'
import { AppError, isAppError } from '../errors.ts'
import { admitted, type KeyOwner } from '../http/api/admission.ts'
import { refusalOf } from '../http/api/refusal.ts'
import { parsedBody } from '../http/api/request.ts'
import { statusOf } from '../http/status.ts'
import { createToolServer } from './server.ts'
import type { Tool } from './tool.ts'

export interface McpOptions {
  tools: readonly Tool[]
  version: string
  ownerOf: (key: string) => Promise<KeyOwner | null>
}

/** Set by the server in front. */
interface Came {
  requestId: string
  clientAddress: string
}

/** JSON-RPC 2.0 §5.1 */
const INVALID_REQUEST = -32600
const INTERNAL_ERROR = -32603

/**
 * A request to the tools over Streamable HTTP, without sessions: each says by its key who asks, and is answered at once. So any process
 * may answer any of them, and nothing is kept between two.
 */
export async function answeredMcp(
  services: Services,
  request: Request,
  came: Came,
  { tools, version, ownerOf }: McpOptions,
): Promise<Response> {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' }
  try {
    requireOwnOrigin(request, services.config.url)
    const admission = await admitted(services, ownerOf, { headers: request.headers, ...came }, (name, value) => {
      headers[name] = value
    })
    const { ctx, key } = admission
    if (key === null) throw new AppError('api_key_required', 'unauthenticated')
    if (request.method !== 'POST') throw new AppError('method_not_allowed', 'method_not_allowed', { allowed: 'POST' })
    const body = await parsedBody(request)
    await countEach(body, admission.count)
    const confirm = new URL(request.url).searchParams.get('confirm') !== 'off'
    const log = services.log.child({ requestId: came.requestId })
    const server = createToolServer({ tools, version, confirm, log, caller: async () => ({ ctx, key }) })
    server.onerror = ({ message }) => log.info({ reason: message.slice(0, 200) }, 'no message of the protocol')
    // Without a generator of ids there are no sessions.
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    await server.connect(transport as Parameters<typeof server.connect>[0])
    try {
      const response = await transport.handleRequest(request, { parsedBody: body })
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
      return response
    } finally {
      await server.close()
    }
  } catch (failure) {
    return refused(services, failure, came, headers)
  }
}

/** More in one body are refused by the protocol. */
const MOST_AT_ONCE = 100

/** Several messages in one body are as many requests, of which the first was counted. */
async function countEach(body: unknown, count: () => Promise<void>): Promise<void> {
  if (!Array.isArray(body)) return
  if (body.length === 0) throw new AppError('body_malformed', 'invalid', { reason: 'no message' })
  for (const _ of body.slice(1, MOST_AT_ONCE)) await count()
}

/**
 * Pages of other sites have no business here, and a name that was made to lead to this machine is another site. What is no browser names
 * no origin.
 * @throws origin_refused
 */
function requireOwnOrigin({ headers }: Request, { origin: own }: URL): void {
  const origin = headers.get('origin')
  if (origin !== null && origin !== own) throw new AppError('origin_refused', 'forbidden')
}

function refused(services: Services, failed: unknown, came: Came, headers: Record<string, string>): Response {
  if (!isAppError(failed)) services.log.error({ err: failed, requestId: came.requestId }, 'request failed')
  const failure = isAppError(failed) ? failed : databaseTrouble(failed)
  if (!failure) return answer(500, { code: INTERNAL_ERROR, message: 'Something went wrong on our side' }, headers)
  const { error } = refusalOf(failure, '', services.clock.now().toString())
  const status = statusOf(failure)
  const { retryAfterSeconds, allowed } = failure.details
  const told = {
    ...(status === 401 && {
      'WWW-Authenticate': error.code === 'api_key_invalid' ? 'Bearer error="invalid_token"' : 'Bearer',
    }),
    ...(status === 405 && { Allow: String(allowed) }),
    ...(status === 429 && { 'Retry-After': String(retryAfterSeconds ?? 60) }),
    ...(status === 503 && { 'Retry-After': String(TROUBLE_SECONDS) }),
  }
  const code = status < 500 ? INVALID_REQUEST : INTERNAL_ERROR
  return answer(status, { code, message: error.message, data: error }, { ...headers, ...told })
}

function answer(status: number, error: object, headers: Record<string, string>): Response {
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status, headers })
}
