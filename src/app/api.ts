import type { Hono } from 'hono'
import { accountRoutes } from '#features/accounts/api/routes.ts'
import { verifiedResourceRoutes } from '#features/accounts/verified-emails/api/routes.ts'
import { slotRoutes } from '#features/availability/api/routes.ts'
import { calendarRoutes } from '#features/availability/busy/api/routes.ts'
import { reservationRoutes } from '#features/availability/holds/api/routes.ts'
import { bookingRoutes } from '#features/bookings/api/routes.ts'
import { bookingByUid, offerKeyBehind } from '#features/bookings/queries.ts'
import { ownTime } from '#features/bookings/seats/queries.ts'
import { eventTypeRoutes } from '#features/event-types/api/routes.ts'
import { privateLinkRoutes } from '#features/event-types/links/api/routes.ts'
import { scheduleRoutes } from '#features/schedules/api/routes.ts'
import { setDefaultSchedule } from '#features/schedules/commands.ts'
import { webhookRoutes } from '#features/webhooks/api/routes.ts'
import { webhookLogRoutes } from '#features/webhooks/log/api/routes.ts'
import type { Ctx, Services } from '#platform/ctx.ts'
import { openApiDocument } from '#platform/http/api/document.ts'
import type { ApiRoute } from '#platform/http/api/route.ts'
import { createRouter } from '#platform/http/api/router.ts'
import { receiveInbound } from '#platform/http/inbound.ts'
import { REFERENCE_CSP, referencePage } from './api-reference.ts'
import { inboundProviders } from './inbound.ts'
import { ownerOf } from './key-owner.ts'
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER } from './request-headers.ts'

/** Every operation of the REST API, in the order of its reference. */
export const apiRoutes: readonly ApiRoute[] = [
  ...accountRoutes(setDefaultSchedule),
  ...scheduleRoutes,
  ...eventTypeRoutes,
  ...privateLinkRoutes,
  ...bookingRoutes,
  ...slotRoutes(movingOf),
  ...reservationRoutes,
  ...webhookRoutes,
  ...webhookLogRoutes,
  ...verifiedResourceRoutes,
  ...calendarRoutes,
]

/** What somebody who holds the uid of a booking moves it within. */
async function movingOf(ctx: Ctx, uid: string) {
  const booking = await bookingByUid(ctx, uid)
  if (!booking) return null
  const minutes = (booking.end.epochMilliseconds - booking.start.epochMilliseconds) / 60_000
  return { key: offerKeyBehind(booking), own: ownTime(booking), minutes }
}

const VERSION = '2'
const REUSED = 'public, max-age=300'

/** The REST API: everything under /v2 and /api. */
export function createApi(services: Services): Pick<Hono, 'fetch' | 'request'> {
  const { origin } = services.config.url
  const api = createRouter(services, {
    routes: apiRoutes,
    ownerOf: (key) => ownerOf(services, key),
    requestIdHeader: REQUEST_ID_HEADER,
    clientAddressHeader: CLIENT_ADDRESS_HEADER,
  })
  api.get('/api/openapi.json', (c) => {
    c.header('Access-Control-Allow-Origin', '*')
    c.header('Cache-Control', REUSED)
    return c.json(documentOf(origin))
  })
  api.get('/api/reference', (c) => {
    c.header('Content-Security-Policy', REFERENCE_CSP)
    c.header('Cache-Control', REUSED)
    return c.html(referencePage(documentOf(origin)))
  })
  api.post('/api/inbound/:provider', (c) => {
    const ctx = visitorContext(services, c.req.header(REQUEST_ID_HEADER), c.req.header(CLIENT_ADDRESS_HEADER))
    return receiveInbound(ctx, inboundProviders, c.req.param('provider'), c.req.raw)
  })
  return api as unknown as Hono
}

/** Whoever sends something has proven nothing yet. */
function visitorContext(services: Services, requestId = '', clientAddress = ''): Ctx {
  const log = services.log.child({ requestId })
  return { ...services, log, actor: { kind: 'visitor' }, requestId, clientAddress, userAgent: '', locale: 'en' }
}

/** Made when it is first asked for: it is the same for everybody. */
const documents = new Map<string, ReturnType<typeof openApiDocument>>()

function documentOf(origin: string): ReturnType<typeof openApiDocument> {
  const known = documents.get(origin)
  if (known) return known
  const made = openApiDocument(apiRoutes, { origin, version: VERSION })
  documents.set(origin, made)
  return made
}
