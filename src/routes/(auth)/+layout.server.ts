import { messagesOf } from '#platform/i18n/messages.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = ({ locals: { ctx } }) => ({
  locale: ctx.locale,
  texts: messagesOf(ctx.locale, ['ui', 'errors', 'account', 'access']),
  host: ctx.config.url.host,
  signUp: ctx.config.signUp,
})
