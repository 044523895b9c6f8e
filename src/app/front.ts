import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import compression from 'compression'
import { sql } from 'kysely'
import { uuidv7 } from '#platform/crypto.ts'
import type { Services } from '#platform/ctx.ts'
import { clientAddress } from '#platform/http/client-address.ts'
import { mayChangeState } from '#platform/http/origin.ts'
import type { Metrics } from '#platform/metrics.ts'
import { loggedPath } from './logged-path.ts'
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER } from './request-headers.ts'

const API_PATHS = /^\/(v2|api)(\/|$|\?)/
const MCP_PATH = /^\/mcp\/?(\?|$)/
/** What no text in the database can have (PostgreSQL keeps no zero byte), so that looking for it would fail: nothing is at such an address. */
const ZERO_BYTE = '%00'
const REQUEST_ID = /^[\w.:-]{8,100}$/
/** Bytes. Below it an answer is on its way in the same few packets without, and setting up the encoder costs more than the rest. */
const LEAST_COMPRESSED = 4096
const compress = compression({ threshold: LEAST_COMPRESSED })

type Pages = (req: IncomingMessage, res: ServerResponse, next: () => void) => void

/** What stands before every page and endpoint: health, request ids, security headers, the origin check, compression. */
export function createFront(services: Services, metrics: Metrics, pages: Pages): RequestListener {
  const { config, log } = services
  // What these need takes some 7 and 25 MB, which nobody shall spend who has no programs and no assistants.
  const createdApi = async () => (await import('./api.ts')).createApi(services)
  let firstApi: ReturnType<typeof createdApi> | undefined
  const answerApi = async (request: Request) => {
    firstApi ??= createdApi()
    return (await firstApi).fetch(request)
  }
  const api = getRequestListener(answerApi, { overrideGlobalObjects: false })
  const answerMcp = async (request: Request) => (await import('./mcp.ts')).answerMcp(services, request)
  const mcp = getRequestListener(answerMcp, { overrideGlobalObjects: false })

  return (req, res) => {
    const started = performance.now()
    const path = req.url ?? '/'
    if (path === '/healthz') return answer(res, 200, 'ok')
    if (path === '/metrics' && config.metrics) return void measured(metrics, res)
    if (path === '/readyz') return void ready(services, res)

    const requestId = acceptedRequestId(req.headers[REQUEST_ID_HEADER]) ?? uuidv7()
    req.headers[REQUEST_ID_HEADER] = requestId
    req.headers[CLIENT_ADDRESS_HEADER] = clientAddress(req.headers, req.socket.remoteAddress, config.trustedProxies)
    if (config.trustedProxies === 0 || !req.headers['x-forwarded-proto']) {
      req.headers['x-forwarded-proto'] =
        req.headers.host === config.url.host ? config.url.protocol.slice(0, -1) : 'http'
    }
    setHeaders(res, requestId, config.url.protocol === 'https:')
    res.once('finish', () => {
      const ms = Math.round((performance.now() - started) * 10) / 10
      metrics.requests.observe({ method: req.method, status: res.statusCode }, ms / 1000)
      log.info({ requestId, method: req.method, path: loggedPath(path), status: res.statusCode, ms }, 'request')
    })

    if (path.includes(ZERO_BYTE)) return answer(res, 404, 'Not found')
    if (API_PATHS.test(path)) return void api(req, res)
    if (MCP_PATH.test(path)) return void mcp(req, res)
    const { host = '', origin } = req.headers
    const fetchSite = req.headers['sec-fetch-site'] as string | undefined
    if (!mayChangeState({ method: req.method ?? 'GET', host, origin, fetchSite }, config.url)) {
      return answer(res, 403, 'This request came from another site and was refused.')
    }
    compress(req as never, res as never, () => pages(req, res, () => answer(res, 404, 'Not found')))
  }
}

function acceptedRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : undefined
}

function setHeaders(res: ServerResponse, requestId: string, https: boolean): void {
  res.setHeader('X-Request-Id', requestId)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin')
  res.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  if (https) res.setHeader('Strict-Transport-Security', 'max-age=31536000')
}

async function measured(metrics: Metrics, res: ServerResponse): Promise<void> {
  res.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text())
}

async function ready({ db, log }: Services, res: ServerResponse): Promise<void> {
  try {
    await sql`select 1`.execute(db)
    answer(res, 200, 'ready')
  } catch (error) {
    log.warn({ err: error }, 'not ready')
    answer(res, 503, 'the database does not answer')
  }
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(`${text}\n`)
}
