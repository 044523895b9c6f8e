import { type Context, Hono } from 'hono'
import type { z } from 'zod'
import { uuidv7 } from '../../crypto.ts'
import type { Ctx, Services } from '../../ctx.ts'
import { databaseTrouble, TROUBLE_SECONDS } from '../../db/trouble.ts'
import { AppError, isAppError } from '../../errors.ts'
import { parseInput } from '../../input.ts'
import { statusOf } from '../status.ts'
import { admitted, type KeyOwner, tellAllowance } from './admission.ts'
import { answeredOnce, type SentReply } from './idempotent.ts'
import { refusalOf } from './refusal.ts'
import { parsedBody, parsedQuery } from './request.ts'
import type { ApiRoute, UsedKey } from './route.ts'
import { mayUse } from './scopes.ts'
import { chosenVersion, downgraded, inNamesOf, type RawRequest, upgraded } from './versions.ts'

export interface ApiOptions {
  routes: readonly ApiRoute[]
  /** Null for a key that was revoked, ran out or never was. */
  ownerOf: (key: string) => Promise<KeyOwner | null>
  /** Headers that the server in front sets, whatever the client sent under these names. */
  requestIdHeader: string
  clientAddressHeader: string
}

type Env = { Variables: { requestId: string; ctx: Ctx; key: UsedKey | null } }

/** Serves the routes below `/v2` and `/api/v2`. */
export function createRouter(services: Services, options: ApiOptions): Hono<Env> {
  const api = new Hono<Env>()
  for (const base of ['/v2', '/api/v2']) {
    api.use(`${base}/*`, async (c, next) => {
      c.set('requestId', c.req.header(options.requestIdHeader) || uuidv7())
      openToBrowsers(c)
      if (c.req.method === 'OPTIONS') return preflight(c)
      await admit(c, services, options)
      await next()
    })
    api.route(base, mounted(options.routes))
  }
  api.notFound((c) => refused(c, services, new AppError('not_found', 'not_found')))
  api.onError((error, c) => {
    if (isAppError(error)) return refused(c, services, error)
    services.log.error({ err: error, requestId: c.get('requestId') }, 'request failed')
    return refused(c, services, databaseTrouble(error))
  })
  return api
}

/** Fixed parts of a path go before parameters, so that `/schedules/default` is not somebody's id. */
function mounted(routes: readonly ApiRoute[]): Hono<Env> {
  const app = new Hono<Env>()
  const paths = Map.groupBy(routes, ({ path }) => path)
  const sorted = [...paths.keys()].sort((a, b) => (sortable(a) < sortable(b) ? -1 : 1))
  for (const path of sorted) {
    const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1')
    const present = paths.get(path) ?? []
    for (const route of present) app.on(route.method.toUpperCase(), pattern, (c) => served(c, route))
    const allowed = present.map(({ method }) => method.toUpperCase()).join(', ')
    app.all(pattern, (c) => {
      c.header('Allow', allowed)
      throw new AppError('method_not_allowed', 'method_not_allowed', { allowed })
    })
  }
  return app
}

const sortable = (path: string) => path.replaceAll('{', '\uffff')

/** Anybody's page may call the API: no cookie counts here, so nobody acts who did not hand over a key. */
function openToBrowsers(c: Context): void {
  c.header('Access-Control-Allow-Origin', '*')
  c.header(
    'Access-Control-Expose-Headers',
    'Cal-Api-Version, Cal-Api-Version-Default, Idempotency-Replayed, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id',
  )
}

function preflight(c: Context): Response {
  c.header('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE, OPTIONS')
  c.header(
    'Access-Control-Allow-Headers',
    'Authorization, Content-Type, Cal-Api-Version, Idempotency-Key, X-Cal-Client-Id, X-Cal-Secret-Key, X-Cal-Platform-Embed',
  )
  c.header('Access-Control-Max-Age', '86400')
  return c.body(null, 204)
}

/** Whether they may is for the route. */
async function admit(c: Context<Env>, services: Services, options: ApiOptions): Promise<void> {
  const requestId = c.get('requestId')
  c.header('X-Request-Id', requestId)
  c.header('Cache-Control', 'no-store')
  const clientAddress = c.req.header(options.clientAddressHeader) ?? ''
  const arrival = { headers: c.req.raw.headers, requestId, clientAddress }
  const { ctx, key } = await admitted(services, options.ownerOf, arrival, (name, value) => c.header(name, value))
  c.set('key', key)
  c.set('ctx', ctx)
}

async function served(c: Context<Env>, route: ApiRoute): Promise<Response> {
  authorize(c, route)
  const params = parsedParams(route, c.req.param())
  const { date, defaulted } = chosenVersion(route.versions, c.req.header('cal-api-version'))
  c.header('Cal-Api-Version', date)
  if (defaulted) c.header('Cal-Api-Version-Default', date)
  const hasBody = route.method !== 'get' && route.method !== 'delete'
  const raw = {
    query: parsedQuery(new URL(c.req.url).searchParams),
    body: hasBody || route.body ? await parsedBody(c.req.raw) : {},
  }
  const upgrade = upgraded(route.versions, date, raw)
  const { run, input } = await inNamesOf(route.versions, date, async () => prepared(c, route, params, upgrade))
  const work = async (working: Ctx): Promise<SentReply> => {
    const { data, pagination } = await inNamesOf(route.versions, date, () => run(working, input))
    const shown = { status: 'success', data: downgraded(route.versions, date, data, pagination), pagination }
    return { status: route.status ?? 200, body: JSON.stringify(shown) }
  }
  const idempotencyKey = route.method === 'post' ? c.req.header('idempotency-key') : undefined
  if (idempotencyKey === undefined) return sent(c, await work(c.var.ctx))
  const request = { path: c.req.path.replace(/^\/api/, ''), ...raw }
  const asked = { key: idempotencyKey, route: `POST ${route.path}`, request }
  const { reply, replayed } = await answeredOnce(c.var.ctx, asked, work)
  if (replayed) c.header('Idempotency-Replayed', 'true')
  return sent(c, reply)
}

/** What is run, and with what: of an older version it may be another operation. @throws invalid_input, not_found */
function prepared(c: Context<Env>, asked: ApiRoute, params: unknown, { query, body, instead }: RawRequest) {
  const route = instead?.route ?? asked
  if (instead) authorize(c, route)
  const input = {
    params: instead ? parsedParams(route, instead.params) : params,
    query: parsedPart(route.query, query),
    body: parsedPart(route.body, body),
    key: c.var.key,
  }
  return { run: route.run, input }
}

/** @throws api_key_required, client_credentials_unsupported, scope_missing */
function authorize(c: Context<Env>, { access, keyScope }: ApiRoute): void {
  const { key } = c.var
  const scope = access === 'public' ? keyScope : access === 'any_key' ? undefined : access
  if (key === null) {
    if (access === 'public') return
    const byClient = c.req.header('x-cal-secret-key') !== undefined || c.req.header('x-cal-client-id') !== undefined
    throw new AppError(byClient ? 'client_credentials_unsupported' : 'api_key_required', 'unauthenticated')
  }
  if (scope && !mayUse(key.scopes, scope)) throw new AppError('scope_missing', 'forbidden', { scope })
}

/** @throws not_found: what no id looks like leads nowhere */
function parsedParams({ params }: ApiRoute, given: Record<string, string>): unknown {
  if (!params) return undefined
  const result = params.safeParse(given)
  if (!result.success) throw new AppError('not_found', 'not_found')
  return result.data
}

function parsedPart(schema: z.ZodType | undefined, given: unknown): unknown {
  return schema && parseInput(schema, given)
}

function sent(c: Context, { status, body }: SentReply): Response {
  c.header('Content-Type', 'application/json; charset=utf-8')
  return c.body(body, status as 200)
}

function refused(c: Context<Env>, { clock }: Services, failure: AppError | null): Response {
  const error: Pick<AppError, 'code' | 'details'> = failure ?? { code: 'unexpected', details: {} }
  const status = failure ? statusOf(failure) : 500
  if (status === 401) {
    c.header('WWW-Authenticate', error.code === 'api_key_invalid' ? 'Bearer error="invalid_token"' : 'Bearer')
  }
  if (error.code === 'scope_missing') {
    c.header('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${error.details.scope}"`)
  }
  if (status === 503) c.header('Retry-After', String(TROUBLE_SECONDS))
  if (status === 429) {
    const { retryAfterSeconds } = error.details
    c.header('Retry-After', String(retryAfterSeconds ?? 60))
    tellAllowance((name, value) => c.header(name, value), { remaining: 0, reset: Number(retryAfterSeconds ?? 60) })
  }
  return sent(c, { status, body: JSON.stringify(refusalOf(error, c.req.path, clock.now().toString())) })
}
