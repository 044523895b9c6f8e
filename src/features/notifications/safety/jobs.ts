import { type Carrier, MAIL_NOT_CONFIGURED } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { happening } from '../../accounts/origins/queries.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'
import { safetyContent } from './content.ts'
import { SAFETY_TOPIC } from './types.ts'

/** Mails what happened to an account to whoever has it. */
export const safetyCarrier: Carrier = {
  kind: 'mail',
  topics: [SAFETY_TOPIC],
  async carry({ id, eventId }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const told = eventId === null ? null : await happening(ctx.db, eventId)
    if (!told) return { state: 'skipped', reason: 'recipient_gone' }
    const { url } = ctx.config
    const content = safetyContent(told, url)
    const to = { name: told.person, address: told.email }
    const locale = isLocale(told.locale) ? told.locale : 'en'
    return handOver(ctx, plainMail(content, { id, url, to, locale, brandColor: null }))
  },
}
