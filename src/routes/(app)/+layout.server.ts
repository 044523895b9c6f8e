import { requireSession } from '#app/session.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { catchesMails } from '#platform/mail/transport.ts'
import type { LayoutServerLoad } from './$types'

const AREAS = [
  'ui',
  'errors',
  'home',
  'account',
  'access',
  'settings',
  'schedules',
  'event-types',
  'bookings',
  'mail',
  'feeds',
  'webhooks',
  'privacy',
  'palette',
  'offline',
] as const

export const load: LayoutServerLoad = ({ locals }) => {
  const { config, mail, locale } = locals.ctx
  const { account } = requireSession(locals)
  return {
    locale,
    texts: messagesOf(locale, AREAS),
    account: {
      ...account,
      avatar: account.avatarEtag && `/avatar/${account.username}?v=${account.avatarEtag}`,
      publicUrl: `${config.url.origin}/${account.username}`,
    },
    /** The instance keeps its mails, and has a page to read them. */
    mailCatcher: catchesMails(config) && account.role !== 'member',
    mailWaits: !mail.configured,
  }
}
