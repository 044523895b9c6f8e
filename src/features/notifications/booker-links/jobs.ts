import type { Ctx } from '#platform/ctx.ts'
import { type Carrier, MAIL_NOT_CONFIGURED } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import { bookerLink, LINK_SUBJECT } from '../../bookings/booker-links/queries.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'

type Link = NonNullable<Awaited<ReturnType<typeof bookerLink>>>

/** Mails bookers the link to all they have booked, while it holds; to who has booked nothing no mail is sent. */
export const bookerLinkCarrier: Carrier = {
  kind: 'mail',
  topics: ['booker_link'],
  async carry({ id, subject }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const link = await bookerLink(ctx, subject.slice(LINK_SUBJECT.length))
    if (!link) return { state: 'skipped', reason: 'superseded' }
    const { timeZone } = link
    return timeZone === null
      ? { state: 'skipped', reason: 'nothing_booked' }
      : handOver(ctx, mailOf(ctx, id, { ...link, timeZone }))
  },
}

function mailOf({ config: { url } }: Ctx, id: string, link: Link & { timeZone: string }): OutgoingMail {
  const language = isLocale(link.locale) ? link.locale : 'en'
  const t = translatorFor(language)
  const site = url.host
  const style = { timeZone: link.timeZone, hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const
  const time = new Intl.DateTimeFormat(language, style).format(link.expiresAt.epochMilliseconds)
  const content = {
    subject: t('mail.booker_link.subject', { site }),
    title: t('mail.booker_link.title'),
    lead: t('mail.booker_link.lead', { site, time }),
    rows: [],
    action: { text: t('mail.booker_link.action'), href: new URL(`/my-bookings/${link.token}`, url).href },
    links: [],
    footer: t('mail.booker_link.footer', { site }),
  }
  return plainMail(content, { id, url, to: { name: '', address: link.email }, locale: language, brandColor: null })
}
