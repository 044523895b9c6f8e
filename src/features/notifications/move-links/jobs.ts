import type { Ctx } from '#platform/ctx.ts'
import { type Carrier, MAIL_NOT_CONFIGURED } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import { MOVE_LINKS_TOPIC } from '../../bookings/move-links/commands.ts'
import { moveLinks } from '../../bookings/move-links/queries.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'
import { unlinked } from '../markup.ts'
import { fullTime, shortTime } from '../when.ts'

type MoveLinks = NonNullable<Awaited<ReturnType<typeof moveLinks>>>

/** An hour after it was asked for nobody waits for it any more. */
const LASTS_MS = 3_600_000

/** Mails bookers who may not book more the links to move what they have. */
export const moveLinksCarrier: Carrier = {
  kind: 'mail',
  topics: [MOVE_LINKS_TOPIC],
  async carry({ id, target, createdAt }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const isLate = ctx.clock.now().epochMilliseconds - createdAt.epochMilliseconds > LASTS_MS
    const links = isLate ? null : await moveLinks(ctx, Number(target.slice(target.indexOf(':') + 1)))
    return links ? handOver(ctx, mailOf(ctx, id, links)) : { state: 'skipped', reason: 'superseded' }
  },
}

function mailOf({ config: { url } }: Ctx, id: string, { bookings, ...to }: MoveLinks): OutgoingMail {
  const { name, email, timeZone, title, host, brandColor } = to
  const locale = isLocale(to.locale) ? to.locale : 'en'
  const t = translatorFor(locale)
  const reader = { locale, timeZone, hourCycle: undefined }
  const [first, ...others] = bookings.map((booking) => ({
    text: t('mail.move_links.action', { when: shortTime(booking, reader) }),
    href: `${url.origin}/reschedule/${booking.uid}`,
  }))
  const shown = { title: unlinked(title), host: unlinked(host), n: bookings.length }
  const content = {
    subject: t('mail.move_links.subject', { title, host }),
    title: t('mail.move_links.title', shown),
    lead: t('mail.move_links.lead', shown),
    rows: bookings.map((booking) => ({ label: unlinked(booking.title), lines: fullTime(booking, reader) })),
    ...{ action: first ?? null, links: others },
    footer: t('mail.move_links.footer', { site: url.host }),
  }
  return plainMail(content, { id, url, to: { name, address: email }, locale, brandColor })
}
