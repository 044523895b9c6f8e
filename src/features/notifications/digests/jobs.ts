import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { type Carrier, MAIL_NOT_CONFIGURED, planDeliveries } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { type DigestReader, digestReader, digestReaders } from '../../accounts/digests/queries.ts'
import { type MonthNumbers, monthNumbers } from '../../bookings/digests/queries.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'
import { unlinked } from '../markup.ts'
import { fullTime } from '../when.ts'
import { type Month, monthOf, monthToTell } from './rules.ts'

const TOPIC = 'monthly_digest'
const SUBJECT = 'digest:'
const LOOK_EVERY_SECONDS = 1200
const AT_ONCE = 500

/** Plans a mail about each month that is over, once, whichever worker looks first. */
export const digestTimer: PeriodicWork = {
  name: 'digests.plan',
  everySeconds: LOOK_EVERY_SECONDS,
  async run(ctx, signal) {
    const now = ctx.clock.now()
    for (let after = 0; !signal.aborted; ) {
      const readers = await digestReaders(ctx.db, { after, most: AT_ONCE })
      const planned = readers.flatMap(({ id, timeZone, since }) => {
        const month = monthToTell(now, timeZone, since)
        if (!month) return []
        const delivery = { eventId: null, subject: SUBJECT + id, kind: 'mail' as const, topic: TOPIC }
        return [{ ...delivery, target: 'host', version: month.number }]
      })
      await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
      const last = readers.at(-1)
      if (!last || readers.length < AT_ONCE) return
      after = last.id
    }
  },
}

/** Tells a host of a month, unless there is nothing to tell, or it is not wanted any more. */
export const digestCarrier: Carrier = {
  kind: 'mail',
  topics: [TOPIC],
  async carry({ id, subject, version }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const reader = await digestReader(ctx.db, Number(subject.slice(SUBJECT.length)))
    if (!reader) return { state: 'skipped', reason: 'recipient_gone' }
    const month = monthOf(version, reader.timeZone)
    const numbers = await monthNumbers(ctx.db, reader.id, { ...month, now: ctx.clock.now() })
    const { booked, met, cancelled, ahead } = numbers
    if (booked + met + cancelled + ahead === 0) return { state: 'skipped', reason: 'nothing_booked' }
    return handOver(ctx, mailOf(ctx, id, reader, month, numbers))
  },
}

function mailOf(
  { config: { url } }: Ctx,
  id: string,
  { name, email, locale: kept, timeZone, hourCycle, brandColor }: DigestReader,
  { from, to }: Month,
  { booked, met, cancelled, ahead, next }: MonthNumbers,
): OutgoingMail {
  const locale = isLocale(kept) ? kept : 'en'
  const t = translatorFor(locale)
  const count = (n: number) => [new Intl.NumberFormat(locale).format(n)]
  const named = (at: Month['from']) =>
    new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone }).format(at.epochMilliseconds)
  const when = next && fullTime(next, { locale, timeZone, hourCycle })
  const content = {
    subject: t('mail.digest.subject', { month: named(from), site: url.host }),
    title: named(from),
    lead: t('mail.digest.lead', { n: met, month: named(from) }),
    rows: [
      { label: t('mail.digest.booked'), lines: count(booked) },
      { label: t('mail.digest.met'), lines: count(met) },
      { label: t('mail.digest.cancelled'), lines: count(cancelled) },
      { label: named(to), lines: count(ahead) },
      ...(next && when ? [{ label: t('mail.digest.next'), lines: [unlinked(next.title), ...when] }] : []),
    ],
    action: { text: t('mail.digest.action'), href: new URL('/bookings/upcoming', url).href },
    links: [{ text: t('mail.digest.settings'), href: new URL('/settings/general', url).href }],
    footer: t('mail.digest.footer', { site: url.host }),
  }
  return plainMail(content, { id, url, to: { name, address: email }, locale, brandColor })
}
