import { LOCALE_NAMES, LOCALES } from '#platform/i18n/locale.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import type { LayoutServerLoad } from './$types'
import { settledLanguage } from './language.server.ts'
import { habitsOfVisitor } from './visitor.server.ts'

export const load: LayoutServerLoad = async (event) => {
  const insisted = await settledLanguage(event)
  const { locals, request, cookies, url } = event
  const { locale } = locals.ctx
  return {
    ...habitsOfVisitor(locale, request.headers.get('accept-language'), cookies),
    language: locale,
    /** To switch to. */
    languages: insisted
      ? []
      : LOCALES.filter((one) => one !== locale).map((code) => ({ code, name: LOCALE_NAMES[code] })),
    path: url.pathname + url.search,
    texts: messagesOf(locale, ['ui', 'public', 'booker', 'errors']),
  }
}
