import type { Ctx } from '#platform/ctx.ts'
import { type Carrier, MAIL_NOT_CONFIGURED } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import { CODE_SUBJECT, mailCode } from '../../bookings/verification/queries.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'
import { unlinked } from '../markup.ts'

type Code = NonNullable<Awaited<ReturnType<typeof mailCode>>>

/** Mails the codes by which bookers prove their addresses; one that has expired or was replaced is not sent any more. */
export const mailCodeCarrier: Carrier = {
  kind: 'mail',
  topics: ['mail_code'],
  async carry({ id, subject }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const code = await mailCode(ctx, subject.slice(CODE_SUBJECT.length))
    return code ? handOver(ctx, mailOf(ctx, id, code)) : { state: 'skipped', reason: 'superseded' }
  },
}

function mailOf(
  { config: { url } }: Ctx,
  id: string,
  { code, email, locale, title, host, brandColor, minutes }: Code,
): OutgoingMail {
  const language = isLocale(locale) ? locale : 'en'
  const t = translatorFor(language)
  const content = {
    subject: t('mail.code.subject', { code, title }),
    title: t('mail.code.title'),
    lead: t('mail.code.lead', { title: unlinked(title), host: unlinked(host), minutes }),
    rows: [{ label: t('mail.code.row'), lines: [code] }],
    ...{ action: null, links: [] },
    footer: t('mail.code.footer', { site: url.host }),
  }
  return plainMail(content, { id, url, to: { name: '', address: email }, locale: language, brandColor })
}
