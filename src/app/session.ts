import type { Cookies, RequestEvent } from '@sveltejs/kit'
import { LINK_MINUTES } from '#features/accounts/links/rules.ts'
import { ownAccount } from '#features/accounts/queries.ts'
import { endSession } from '#features/accounts/sessions/commands.ts'
import { SESSION_DAYS } from '#features/accounts/sessions/rules.ts'
import type { ActiveSession } from '#features/accounts/sessions/types.ts'
import type { Config } from '#platform/config.ts'
import { actingAs } from '#platform/ctx.ts'
import { AppError } from '#platform/errors.ts'
import { userScope } from '#platform/scope.ts'

type Site = Pick<Config, 'url'>

/** Over TLS the prefix binds the cookie to this very host, so that no neighbour domain can plant one (RFC 6265bis §4.1.3.2). */
function cookieName({ url }: Site): string {
  return url.protocol === 'https:' ? '__Host-sundial_session' : 'sundial_session'
}

function attributes({ url }: Site) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: url.protocol === 'https:' } as const
}

export function readSessionCookie(cookies: Cookies, site: Site): string | undefined {
  return cookies.get(cookieName(site))
}

/** For as long as the session lives without being used. */
export function writeSessionCookie(cookies: Cookies, site: Site, token: string): void {
  cookies.set(cookieName(site), token, { ...attributes(site), maxAge: SESSION_DAYS * 86_400 })
}

export function removeSessionCookie(cookies: Cookies, site: Site): void {
  cookies.delete(cookieName(site), attributes(site))
}

/** What somebody has between the two steps of signing in. */
function stepCookieName({ url }: Site): string {
  return url.protocol === 'https:' ? '__Host-sundial_second_step' : 'sundial_second_step'
}

export function readStepCookie(cookies: Cookies, site: Site): string | undefined {
  return cookies.get(stepCookieName(site))
}

/** Until the second step is too late. */
export function writeStepCookie(cookies: Cookies, site: Site, token: string): void {
  cookies.set(stepCookieName(site), token, { ...attributes(site), maxAge: LINK_MINUTES.second_step * 60 })
}

export function removeStepCookie(cookies: Cookies, site: Site): void {
  cookies.delete(stepCookieName(site), attributes(site))
}

/** @throws sign_in_required: the hook lets nobody else to these pages, so this is the second lock */
export function requireSession({ session }: App.Locals): ActiveSession {
  if (!session) throw new AppError('sign_in_required', 'unauthenticated')
  return session
}

type Entering = Pick<RequestEvent, 'cookies' | 'locals'>

/** Goes on under a new session; the one this browser may have had before ends. */
export async function enter({ cookies, locals: { ctx } }: Entering, token: string): Promise<void> {
  const before = readSessionCookie(cookies, ctx.config)
  if (before !== undefined) await endSession(ctx, before)
  writeSessionCookie(cookies, ctx.config, token)
}

/** Ends the session of this browser, if it has one. */
export async function leave({ cookies, locals: { ctx } }: Entering): Promise<void> {
  const token = readSessionCookie(cookies, ctx.config)
  if (token !== undefined) await endSession(ctx, token)
  removeSessionCookie(cookies, ctx.config)
}

/** The request goes on as `session`. */
export function become(locals: App.Locals, session: ActiveSession): void {
  const { id, role } = session.account
  locals.session = session
  locals.ctx = actingAs(locals.ctx, { kind: 'user', userId: id, role, via: 'session' })
}

/** The page is shown as the one who is signed in likes it. */
export function personalise(locals: App.Locals): void {
  const { account } = requireSession(locals)
  locals.ctx.locale = account.locale
  locals.theme = account.theme
}

/** After an action that changed the account: the page that answers it already shows the change. */
export async function refreshAccount(locals: App.Locals): Promise<void> {
  const account = await ownAccount(userScope(locals.ctx), locals.ctx.db)
  become(locals, { ...requireSession(locals), account })
  personalise(locals)
}
