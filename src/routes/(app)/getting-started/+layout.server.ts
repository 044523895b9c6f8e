import { requireSession } from '#app/session.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = ({ locals }) => {
  const { config, locale } = locals.ctx
  const { account } = requireSession(locals)
  return {
    locale,
    texts: messagesOf(locale, ['ui', 'errors', 'start', 'account', 'settings', 'schedules', 'event-types']),
    account: {
      ...account,
      avatar: account.avatarEtag && `/avatar/${account.username}?v=${account.avatarEtag}`,
      publicUrl: `${config.url.origin}/${account.username}`,
    },
    host: config.url.host,
  }
}
