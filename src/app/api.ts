import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Temporal } from 'temporal-polyfill'
import { touchApiKey } from '#features/accounts/api-keys/commands.ts'
import { accountByApiKey } from '#features/accounts/api-keys/queries.ts'
import { accountRoutes } from '#features/accounts/routes.ts'
import type { Ctx, Services } from '#platform/ctx.ts'
import { AppError, isAppError } from '#platform/errors.ts'
import type { ApiEnv } from '#platform/http/api.ts'
import { statusOf } from '#platform/http/status.ts'
import { type MessageKey, translatorFor } from '#platform/i18n/messages.ts'
import type { Limit } from '#platform/rate-limit.ts'
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER } from './request-headers.ts'

const BY_KEY: Limit = { name: 'api-key', attempts: 120, seconds: 60 }
/** Against trying keys. */
const BY_CLIENT: Limit = { name: 'api-client', attempts: 120, seconds: 60 }

/** The REST API: everything under /v2 and /api. Without a valid key nothing of it is reached, wherever a route may be added. */
export function createApi(services: Services): OpenAPIHono<ApiEnv> {
  const api = new OpenAPIHono<ApiEnv>()
  api.use('/v2/*', admit(services))
  api.route('/v2', accountRoutes)
  const refuse = (c: Context, refusal: Refusal) => envelope(c, services.clock.now(), refusal)
  api.notFound((c) =>
    refuse(c, { status: 404, code: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` }),
  )
  api.onError((error, c) => {
    if (isAppError(error)) {
      const { code, details } = error
      return refuse(c, { status: statusOf(error), code, message: sentenceOf(error), details })
    }
    services.log.error({ err: error, requestId: c.req.header(REQUEST_ID_HEADER) }, 'request failed')
    return refuse(c, { status: 500, code: 'unexpected', message: 'Something went wrong on our side.' })
  })
  return api
}

function admit(services: Services) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const client = c.req.header(CLIENT_ADDRESS_HEADER) ?? ''
    const key = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const found = key === undefined ? null : await accountByApiKey(services, key)
    if (!found) {
      await services.rateLimiter.consume(BY_CLIENT, client)
      throw new AppError('api_key_required', 'unauthenticated')
    }
    await services.rateLimiter.consume(BY_KEY, found.keyId)
    if (found.stale) await touchApiKey(services, found.keyId)
    const { id, role, locale } = found.account
    const ctx: Ctx = {
      ...services,
      actor: { kind: 'user', userId: id, role, via: 'api_key' },
      requestId: c.req.header(REQUEST_ID_HEADER) ?? '',
      clientAddress: client,
      userAgent: c.req.header('user-agent') ?? '',
      locale,
    }
    c.set('ctx', ctx)
    await next()
  })
}

function sentenceOf({ code, details }: AppError): string {
  const values = Object.entries(details).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  return translatorFor('en')(`errors.${code}` as MessageKey, Object.fromEntries(values))
}

interface Refusal {
  status: number
  code: string
  message: string
  details?: object
}

/** As the v2 API wraps errors. */
function envelope(c: Context, now: Temporal.Instant, { status, code, message, details }: Refusal): Response {
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  return c.json(
    {
      status: 'error',
      timestamp: now.toString(),
      path: c.req.path,
      error: { code, message, details },
    },
    status as 400,
  )
}
