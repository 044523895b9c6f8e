import type { Locale } from '#platform/i18n/locale.ts'
import { messagesOf, translatorFor } from '#platform/i18n/messages.ts'

const PAGES = [403, 404, 410, 429, 500] as const

/**
 * What an error page says.
 * @param code of the expected failure, whose own sentence is shown where there is one
 */
export function errorWords(locale: Locale, status: number, code: string | undefined): App.Error['words'] {
  const t = translatorFor(locale)
  const page = PAGES.find((one) => one === status) ?? (status < 500 ? 404 : 500)
  const sentence = messagesOf(locale, ['errors'])[`errors.${code}`]
  return {
    title: t(`errors.page_${page}_title`),
    advice: sentence && !sentence.includes('{') ? sentence : t(`errors.page_${page}_advice`),
    home: t('errors.page_home'),
    reference: t('errors.page_reference'),
  }
}
