import type { Ctx } from '#platform/ctx.ts'
import type { Verdict } from '#platform/deliveries.ts'
import type { Locale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { MailParty } from '#platform/mail/transport.ts'
import type { Content } from '../content.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'

/** Something that a host is to know and that is about no booking. */
interface Notice extends Pick<Content, 'subject' | 'title' | 'lead' | 'rows' | 'action'> {
  /** Of the delivery. */
  id: string
  to: MailParty
  locale: Locale
}

/** Mails a notice in the look of all mails. */
export async function sendNotice(ctx: Ctx, { id, to, locale, ...told }: Notice): Promise<Verdict> {
  const { url } = ctx.config
  const footer = translatorFor(locale)('mail.footer.notice', { site: url.host })
  const content = { ...told, links: [], footer }
  return handOver(ctx, plainMail(content, { id, url, to, locale, brandColor: null }))
}
