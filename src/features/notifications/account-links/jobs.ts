import type { Ctx } from '#platform/ctx.ts'
import { type Carrier, MAIL_NOT_CONFIGURED } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import { accountLink, LINK_SUBJECT } from '../../accounts/links/queries.ts'
import { happening } from '../../accounts/origins/queries.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'
import { type Happening, originRows } from '../safety/content.ts'

type Link = NonNullable<Awaited<ReturnType<typeof accountLink>>>

/** Mails links about accounts, while they hold. Where nobody has the address no mail is sent. */
export const accountLinkCarrier: Carrier = {
  kind: 'mail',
  topics: ['account_link'],
  async carry({ id, subject, eventId }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const link = await accountLink(ctx, subject.slice(LINK_SUBJECT.length))
    if (!link || link.taken) return { state: 'skipped', reason: 'superseded' }
    const told = eventId === null ? null : await happening(ctx.db, eventId)
    return handOver(ctx, mailOf(ctx, id, link, told))
  },
}

/** Where each kind of link leads. */
const PATHS = {
  password_reset: '/auth/reset/',
  address_change: '/settings/security/address/',
  address_proof: '/settings/security/address/',
  address_return: '/auth/return/',
  sign_in_link: '/auth/link/',
} as const

function mailOf(
  { config: { url } }: Ctx,
  id: string,
  { kind, email, expiresAt, token, timeZone, ...link }: Link,
  told: Happening | null,
): OutgoingMail {
  if (!(kind in PATHS)) throw new Error(`no mail brings a link of kind ${kind}`)
  const topic = kind as keyof typeof PATHS
  const language = isLocale(link.locale) ? link.locale : 'en'
  const t = translatorFor(language)
  const site = url.host
  const style = { timeZone, dateStyle: 'medium', timeStyle: 'short' } as const
  const until = new Intl.DateTimeFormat(language, style).format(expiresAt.epochMilliseconds)
  const content = {
    subject: t(`mail.${topic}.subject`, { site }),
    title: t(`mail.${topic}.title`),
    lead: t(`mail.${topic}.lead`, { site, until }),
    rows: told ? originRows({ ...told, locale: language }, t) : [],
    action: { text: t(`mail.${topic}.action`), href: new URL(PATHS[topic] + token, url).href },
    links: [],
    footer: t(`mail.${topic}.footer`, { site }),
  }
  return plainMail(content, { id, url, to: { name: link.name, address: email }, locale: language, brandColor: null })
}
