/**
 * Who may open which route, by the folder it lies in: `(public)` is for visitors, `(auth)` for people on their way in, the start page
 * for both. Any other route, and any folder yet to come, needs a session.
 */
const OPEN_FOLDERS = ['/(public)', '/(auth)']

/** @param routeId as Kit has it; null: there is no such page, and nothing to protect */
export function needsSession(routeId: string | null): boolean {
  if (routeId === null || routeId === '/') return false
  return !OPEN_FOLDERS.some((folder) => routeId.startsWith(`${folder}/`))
}

/** Visitors' pages, which do not become someone's own because they are signed in. */
export function isPublic(routeId: string | null): boolean {
  return routeId?.startsWith('/(public)/') ?? false
}

/** Where somebody who is signed in begins. */
export const START = '/home'

/**
 * Where to go on after signing in: a path of this site, whatever was asked for.
 * @param next from a link or a form
 */
export function safeNext(next: FormDataEntryValue | null): string {
  if (typeof next !== 'string' || next.length > 2000 || !/^\/(?![/\\])[^\\\p{C}]*$/u.test(next)) return START
  const url = URL.parse(next, 'http://here')
  if (url?.host !== 'here' || url.pathname.startsWith('//') || url.pathname.startsWith('/auth/')) return START
  return url.pathname + url.search
}

/** Where someone without a session is sent, to come back afterwards. A form that was under way is opened anew. */
export function signInPath({ method, url }: { method: string; url: URL }): string {
  const next = method === 'GET' ? url.pathname + url.search : url.pathname
  return next === '/' ? '/auth/sign-in' : `/auth/sign-in?next=${encodeURIComponent(next)}`
}

/** A program that asks for data gets a status, not a page to sign in on. */
export function wantsData(headers: Headers): boolean {
  const accept = headers.get('accept') ?? ''
  return accept.includes('application/json') && !accept.includes('text/html') && !headers.has('x-sveltekit-action')
}
