import { LOCALE_NAMES, LOCALES } from '#platform/i18n/locale.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import type { LayoutServerLoad } from './$types'
import { habitsOfVisitor } from './visitor.server.ts'

export const load: LayoutServerLoad = ({ locals, request, cookies, url }) => {
  const { locale } = locals.ctx
  return {
    ...habitsOfVisitor(locale, request.headers.get('accept-language'), cookies),
    language: locale,
    languages: LOCALES.filter((one) => one !== locale).map((code) => ({ code, name: LOCALE_NAMES[code] })),
    path: url.pathname + url.search,
    texts: messagesOf(locale, ['ui', 'public', 'booker', 'errors']),
  }
}
