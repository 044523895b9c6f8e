import { type RequestEvent, redirect } from '@sveltejs/kit'
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { touchSession } from '#features/accounts/sessions/commands.ts'
import { sessionByToken } from '#features/accounts/sessions/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { databaseTrouble } from '#platform/db/trouble.ts'
import { AppError, isAppError } from '#platform/errors.ts'
import { problemAnswer, statusOf } from '#platform/http/status.ts'
import { directionOf, isLocale, negotiateLocale } from '#platform/i18n/locale.ts'
import { immutable } from '$app/manifest'
import { errorWords } from './error-page.ts'
import { isPublic, needsSession, signInPath, wantsData } from './gate.ts'
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER } from './request-headers.ts'
import { publishedServices } from './services.ts'
import { become, personalise, readSessionCookie, removeSessionCookie, writeSessionCookie } from './session.ts'

/** Kit awaits the root error page before hydrating and does not announce it: one round trip lost without this. */
const errorPage = immutable.find((file) => file.path.includes('/nodes/1.'))?.path
const preload = errorPage ? `<link rel="modulepreload" href="/${errorPage.replace(/^\//, '')}">` : ''

/** As `app.html` has them. */
const TEMPLATE_ATTRIBUTES = 'lang="en" dir="ltr" data-theme="system"'

/** Links to styles that are in the page already: only Kit's client has a use for them. */
const INLINED = /<link href="[^"]*" rel="stylesheet" disabled media="\(max-width: 0\)">\s*/g

export const handle: Handle = async ({ event, resolve }) => {
  event.locals.ctx = visitorContext(event)
  await recognise(event)
  if (needsSession(event.route.id) && !event.locals.session) return turnAway(event)
  return resolve(event, {
    transformPageChunk: ({ html }) => {
      const { locale } = event.locals.ctx
      const theme = event.locals.theme ?? 'system'
      const page = html.replace(
        TEMPLATE_ATTRIBUTES,
        `lang="${locale}" dir="${directionOf(locale)}" data-theme="${theme}"`,
      )
      return hasKitClient(event.route.id) ? page.replace('</head>', `${preload}</head>`) : page.replace(INLINED, '')
    },
  })
}

function visitorContext({ request, cookies }: RequestEvent): Ctx {
  const chosen = cookies.get('locale')
  return {
    ...publishedServices(),
    actor: { kind: 'visitor' },
    requestId: request.headers.get(REQUEST_ID_HEADER) ?? '',
    clientAddress: request.headers.get(CLIENT_ADDRESS_HEADER) ?? '',
    userAgent: request.headers.get('user-agent') ?? '',
    locale: isLocale(chosen) ? chosen : negotiateLocale(request.headers.get('accept-language')),
  }
}

/** Finds out who is signed in; without a cookie that costs nothing. */
async function recognise({ cookies, locals, route }: RequestEvent): Promise<void> {
  const { ctx } = locals
  const token = readSessionCookie(cookies, ctx.config)
  if (token === undefined) return
  const session = await sessionByToken(ctx, token)
  if (session === null) {
    if (!isPublic(route.id)) removeSessionCookie(cookies, ctx.config)
    return
  }
  become(locals, session)
  if (isPublic(route.id)) return
  personalise(locals)
  if (!session.stale) return
  await touchSession(locals.ctx, session)
  writeSessionCookie(cookies, ctx.config, token)
}

/** @throws a redirect to where one signs in, unless a program asked. */
function turnAway({ request, url, locals }: RequestEvent): Response {
  if (!wantsData(request.headers)) redirect(303, signInPath({ method: request.method, url }))
  const refusal = new AppError('sign_in_required', 'unauthenticated')
  return problemAnswer(refusal, locals.ctx.requestId)
}

/** Visitors' pages are HTML and at most one small island (src/routes/(public)). */
function hasKitClient(route: string | null): boolean {
  return !route?.startsWith('/(public)')
}

/** Expected failures that reach a page become its status and code; everything else is logged under the request's id. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  const { ctx } = event.locals
  const requestId = ctx?.requestId
  const locale = ctx?.locale ?? 'en'
  if (kind !== 'unknown') return { requestId, words: errorWords(locale, error.status, undefined) }
  if (!isAppError(error)) ctx?.log.error({ err: error, requestId, route: event.route.id }, 'request failed')
  const told = isAppError(error) ? error : databaseTrouble(error)
  if (told) {
    const { code } = told
    const status = statusOf(told)
    return { status, message: code, code, requestId, words: errorWords(locale, status, code) }
  }
  return {
    status: 500,
    message: 'unexpected',
    code: 'unexpected',
    requestId,
    words: errorWords(locale, 500, undefined),
  }
}
