import { Hono } from 'hono'
import type { Services } from '#platform/ctx.ts'
import { isAppError } from '#platform/errors.ts'
import { problemOf, statusOf } from '#platform/http/status.ts'
import { REQUEST_ID_HEADER } from './request-headers.ts'

/** The REST API: everything under /v2 and /api. */
export function createApi({ log }: Services): Hono {
  const api = new Hono()
  api.notFound((c) =>
    c.json({ status: 'error', error: { code: 'not_found', message: `No endpoint ${c.req.path}` } }, 404),
  )
  api.onError((error, c) => {
    const requestId = c.req.header(REQUEST_ID_HEADER) ?? ''
    if (isAppError(error)) {
      return c.json(problemOf(error, requestId), statusOf(error) as 400, { 'content-type': 'application/problem+json' })
    }
    log.error({ err: error, requestId }, 'request failed')
    return c.json({ type: 'about:blank', title: 'unexpected', status: 500, code: 'unexpected', requestId }, 500)
  })
  return api
}
