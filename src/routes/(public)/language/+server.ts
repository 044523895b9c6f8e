import { redirect } from '@sveltejs/kit'
import { isLocale } from '#platform/i18n/locale.ts'
import type { RequestEvent } from './$types'

const YEAR = 31_536_000

/** A visitor chooses a language and gets the same page in it. */
export async function POST({ request, cookies, locals }: RequestEvent) {
  const form = await request.formData()
  const locale = form.get('locale')
  const back = String(form.get('return') ?? '/')
  if (isLocale(locale)) {
    const secure = locals.ctx.config.url.protocol === 'https:'
    cookies.set('locale', locale, { path: '/', maxAge: YEAR, sameSite: 'lax', httpOnly: true, secure })
  }
  redirect(303, ownPath(back))
}

/** A path of this site, whatever was sent. */
function ownPath(path: string): string {
  const url = path.startsWith('/') ? URL.parse(path, 'http://here') : null
  return url?.host === 'here' && !url.pathname.startsWith('//') ? url.pathname + url.search : '/'
}
