import { emailProofMail, PROOF_SUBJECT } from '#features/accounts/verified-emails/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Carrier, MAIL_NOT_CONFIGURED } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'
import { unlinked } from '../markup.ts'

type Proof = NonNullable<Awaited<ReturnType<typeof emailProofMail>>>

/** Mails the codes by which accounts prove further addresses; one that has expired or was replaced is not sent any more. */
export const emailProofCarrier: Carrier = {
  kind: 'mail',
  topics: ['email_proof'],
  async carry({ id, subject }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const proof = await emailProofMail(ctx, subject.slice(PROOF_SUBJECT.length))
    return proof ? handOver(ctx, mailOf(ctx, id, proof)) : { state: 'skipped', reason: 'superseded' }
  },
}

function mailOf({ config: { url } }: Ctx, id: string, { code, email, locale, name, minutes }: Proof): OutgoingMail {
  const language = isLocale(locale) ? locale : 'en'
  const t = translatorFor(language)
  const content = {
    subject: t('mail.proof.subject', { code, site: url.host }),
    title: t('mail.code.title'),
    lead: t('mail.proof.lead', { name: unlinked(name), site: url.host, minutes }),
    rows: [{ label: t('mail.code.row'), lines: [code] }],
    ...{ action: null, links: [] },
    footer: t('mail.proof.footer', { site: url.host }),
  }
  return plainMail(content, { id, url, to: { name: '', address: email }, locale: language, brandColor: null })
}
