import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import type { Ctx } from '#platform/ctx.ts'
import { isAppError } from '#platform/errors.ts'
import { statusOf } from '#platform/http/status.ts'
import { directionOf, isLocale, negotiateLocale } from '#platform/i18n/locale.ts'
import { immutable } from '$app/manifest'
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER } from './request-headers.ts'
import { publishedServices } from './services.ts'

/** Kit awaits the root error page before hydrating and does not announce it: one round trip lost without this. */
const errorPage = immutable.find((file) => file.path.includes('/nodes/1.'))?.path
const preload = errorPage ? `<link rel="modulepreload" href="/${errorPage.replace(/^\//, '')}">` : ''

/** As `app.html` has them. */
const TEMPLATE_ATTRIBUTES = 'lang="en" dir="ltr" data-theme="system"'

export const handle: Handle = async ({ event, resolve }) => {
  const { request, cookies } = event
  const services = publishedServices()
  const chosen = cookies.get('locale')
  const ctx: Ctx = {
    ...services,
    actor: { kind: 'visitor' },
    requestId: request.headers.get(REQUEST_ID_HEADER) ?? '',
    clientAddress: request.headers.get(CLIENT_ADDRESS_HEADER) ?? '',
    userAgent: request.headers.get('user-agent') ?? '',
    locale: isLocale(chosen) ? chosen : negotiateLocale(request.headers.get('accept-language')),
  }
  event.locals.ctx = ctx
  return resolve(event, {
    transformPageChunk: ({ html }) => {
      const { locale } = event.locals.ctx
      const theme = event.locals.theme ?? 'system'
      const page = html.replace(
        TEMPLATE_ATTRIBUTES,
        `lang="${locale}" dir="${directionOf(locale)}" data-theme="${theme}"`,
      )
      return hasKitClient(event.route.id) ? page.replace('</head>', `${preload}</head>`) : page
    },
  })
}

/** Visitors' pages are HTML and at most one small island (src/routes/(public)). */
function hasKitClient(route: string | null): boolean {
  return !route?.startsWith('/(public)')
}

/** Expected failures that reach a page become its status and code; everything else is logged under the request's id. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  const { ctx } = event.locals
  const requestId = ctx?.requestId
  if (kind !== 'unknown') return { requestId }
  if (isAppError(error)) return { status: statusOf(error), message: error.code, code: error.code, requestId }
  ctx?.log.error({ err: error, requestId, route: event.route.id }, 'request failed')
  return { status: 500, message: 'unexpected', code: 'unexpected', requestId }
}
