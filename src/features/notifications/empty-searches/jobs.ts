import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { type Carrier, MAIL_NOT_CONFIGURED, planDeliveries } from '#platform/deliveries.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { type Translate, translatorFor } from '#platform/i18n/messages.ts'
import type { OutgoingMail } from '#platform/mail/transport.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { takeEmptySearches } from '../../availability/empty-searches/commands.ts'
import {
  type EmptySearches,
  emptySearchesOf,
  type WhyNothing,
  whyNothingNear,
} from '../../availability/empty-searches/queries.ts'
import { NEAR_DAYS, TOLD_FROM } from '../../availability/empty-searches/types.ts'
import { handOver } from '../jobs.ts'
import { plainMail } from '../layout.ts'

const TOPIC = 'empty_searches'
const SUBJECT = 'empty-searches:'
const LOOK_EVERY_SECONDS = 600
const AT_ONCE = 500
const DAY_MS = 86_400_000

/** Plans a mail about each event type whose visitors looked again and again and found no time, whichever worker looks first. */
export const emptySearchTimer: PeriodicWork = {
  name: 'empty-searches.plan',
  everySeconds: LOOK_EVERY_SECONDS,
  async run(ctx, signal) {
    // Nobody is told of the same event type twice within days, so the day tells mails apart.
    const version = Math.floor(ctx.clock.now().epochMilliseconds / DAY_MS)
    const plan = () =>
      transaction(ctx.db, async (tx) => {
        const due = await takeEmptySearches(tx, ctx, AT_ONCE)
        const delivery = { eventId: null, kind: 'mail' as const, topic: TOPIC, target: 'host', version }
        await planDeliveries(
          tx,
          ctx,
          due.map((id) => ({ ...delivery, subject: SUBJECT + id })),
        )
        return due.length
      })
    while (!signal.aborted && (await plan()) === AT_ONCE);
  },
}

/** Tells a host, unless there are times again, or they are away and know why there are none. */
export const emptySearchCarrier: Carrier = {
  kind: 'mail',
  topics: [TOPIC],
  async carry({ id, subject }, ctx) {
    if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
    const eventTypeId = Number(subject.slice(SUBJECT.length))
    const told = await emptySearchesOf(ctx, eventTypeId)
    if (!told) return { state: 'skipped', reason: 'recipient_gone' }
    // It waited so long that another count has begun.
    if (told.occasions < TOLD_FROM) return { state: 'skipped', reason: 'too_late' }
    const why = await whyNothingNear(ctx, eventTypeId)
    if (why === null) return { state: 'skipped', reason: 'times_again' }
    if (!why.noHours && why.reason?.code === 'away') return { state: 'skipped', reason: 'host_away' }
    return handOver(ctx, mailOf(ctx, id, { eventTypeId, told, why }))
  },
}

function mailOf(
  { config: { url } }: Ctx,
  id: string,
  {
    eventTypeId,
    told: { since, occasions, title, host },
    why,
  }: { eventTypeId: number; told: EmptySearches; why: WhyNothing },
): OutgoingMail {
  const locale = isLocale(host.locale) ? host.locale : 'en'
  const t = translatorFor(locale)
  const from = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    timeZone: host.timeZone,
  })
  const reason = reasonOf(why, t)
  const content = {
    subject: t('mail.empty_searches.subject', { title }),
    title: t('mail.empty_searches.title'),
    lead: t('mail.empty_searches.lead', {
      ...{ n: occasions, title, days: NEAR_DAYS, since: from.format(since.epochMilliseconds) },
    }),
    rows: reason === null ? [] : [{ label: t('mail.empty_searches.reason'), lines: [reason] }],
    action: {
      text: t('mail.empty_searches.action'),
      href: new URL(`/availability/month?type=${eventTypeId}`, url).href,
    },
    links: [
      {
        text: t('mail.empty_searches.settings'),
        href: new URL('/settings/general#empty-searches', url).href,
      },
    ],
    footer: t('mail.empty_searches.footer', { site: url.host }),
  }
  return plainMail(content, {
    id,
    url,
    to: { name: host.name, address: host.email },
    locale,
    brandColor: host.brandColor,
  })
}

function reasonOf(why: WhyNothing, t: Translate): string | null {
  if (why.noHours) return t('mail.empty_searches.no_hours')
  return why.reason && t(`home.why.${why.reason.code}`)
}
