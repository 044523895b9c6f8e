import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { type Carrier, MAIL_NOT_CONFIGURED, planDeliveries } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { ASK_WITHIN_HOURS, type RatingRequest, ratingRequest, unrated } from '../../bookings/ratings/queries.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'
import { unlinked } from '../markup.ts'
import { subjectOf } from '../queries.ts'
import { fullTime } from '../when.ts'

const TOPIC = 'booking.rating_request'
const LOOK_EVERY_SECONDS = 60
const AT_ONCE = 200
const HOUR = 3_600_000

/** Plans the mails that ask for a rating. A delivery is planned once, whichever worker looks first. */
export const ratingRequestTimer: PeriodicWork = {
  name: 'rating-requests.plan',
  everySeconds: LOOK_EVERY_SECONDS,
  async run(ctx, signal) {
    for (;;) {
      const due = await unrated(ctx.db, { now: ctx.clock.now(), topic: TOPIC, most: AT_ONCE })
      const planned = due.map(({ bookingId, attendeeId }) => ({
        ...{ eventId: null, subject: subjectOf(bookingId), kind: 'mail' as const, topic: TOPIC },
        ...{ target: `attendee:${attendeeId}`, version: 0 },
      }))
      await transaction(ctx.db, (tx) => planDeliveries(tx, ctx, planned))
      if (due.length < AT_ONCE || signal.aborted) return
    }
  },
}

/** Asks a booker how it was, unless it turned out meanwhile that there is nothing to ask. */
export const ratingRequestCarrier: Carrier = {
  kind: 'mail',
  topics: [TOPIC],
  async carry({ id, target }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const request = await ratingRequest(ctx.db, Number(target.slice(target.indexOf(':') + 1)))
    if (!request) return { state: 'skipped', reason: 'booking_gone' }
    if (!request.attended) return { state: 'skipped', reason: 'not_attended' }
    if (request.rated) return { state: 'skipped', reason: 'already_rated' }
    const late = ctx.clock.now().epochMilliseconds - request.due > ASK_WITHIN_HOURS * HOUR
    return late ? { state: 'skipped', reason: 'too_late' } : handOver(ctx, mailOf(ctx, id, request))
  },
}

function mailOf({ config: { url } }: Ctx, id: string, request: RatingRequest): OutgoingMail {
  const { uid, name, email, title, host, brandColor, timeZone } = request
  const locale = isLocale(request.locale) ? request.locale : 'en'
  const t = translatorFor(locale)
  const reader = { locale, timeZone, hourCycle: undefined }
  const content = {
    subject: t('mail.rating_request.subject', { title, host }),
    title: t('mail.rating_request.title'),
    lead: t('mail.rating_request.lead', { host: unlinked(host) }),
    rows: [
      { label: t('mail.row.what'), lines: [unlinked(title)] },
      { label: t('mail.row.when'), lines: fullTime(request, reader) },
    ],
    action: { text: t('mail.rating_request.action'), href: new URL(`/booking/${uid}#rate`, url).href },
    links: [],
    footer: t('mail.rating_request.footer', { site: url.host }),
  }
  return plainMail(content, { id, url, to: { name, address: email }, locale, brandColor })
}
