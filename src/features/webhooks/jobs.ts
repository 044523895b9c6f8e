import type { Ctx } from '#platform/ctx.ts'
import { type Carrier, type Delivery, MAIL_NOT_CONFIGURED, type Verdict } from '#platform/deliveries.ts'
import { isLocale, type Locale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { noteHealth, stopWebhook } from './commands.ts'
import { bodyOf } from './payload/queries.ts'
import { type Receiver, receiverById } from './queries.ts'
import { isHopeless, retryAfter } from './rules.ts'
import { logTry, type Outcome, send } from './sending/commands.ts'
import { requestTo } from './sending/rules.ts'
import { TRIGGERS } from './types.ts'

/** Requests to one host that are under way at the same time, and how long a host that let one run out is left alone. */
const MOST_PER_HOST = 2
const REST_MS = 30_000
const WAIT_MS = 2_000

/** Sends what a delivery stands for to its webhook. */
export function webhookCarrier(): Carrier {
  const hosts = hostLanes()
  return {
    kind: 'webhook',
    topics: TRIGGERS,
    async carry(delivery, ctx) {
      const receiver = await readReceiver(ctx, Number(delivery.target))
      if ('state' in receiver) return receiver
      const body = await bodyOf(ctx, delivery)
      if ('gone' in body) return { state: 'skipped', reason: body.gone }
      const request = requestTo(receiver, body, { id: delivery.id, now: ctx.clock.now() })
      if ('problem' in request) return { state: 'failed', reason: request.problem }
      const lane = hosts.enter(new URL(receiver.url).host)
      if ('waitMs' in lane) return { state: 'later', afterMs: lane.waitMs }
      try {
        const outcome = await send(ctx, request)
        lane.isSlow(outcome.failure === 'outbound_timeout')
        await logTry(ctx, delivery, request, outcome)
        return await judge(ctx, delivery, receiver, outcome)
      } finally {
        lane.leave()
      }
    },
  }
}

async function readReceiver(ctx: Ctx, id: number): Promise<Receiver | Verdict> {
  try {
    const receiver = await receiverById(ctx, id)
    if (!receiver) return { state: 'skipped', reason: 'webhook_gone' }
    return receiver.active ? receiver : { state: 'skipped', reason: 'webhook_off' }
  } catch (error) {
    ctx.log.error({ err: error, webhookId: id }, 'could not open the secret of a webhook')
    return { state: 'failed', reason: 'webhook_secret_unreadable' }
  }
}

async function judge(
  ctx: Ctx,
  { attempts }: Delivery,
  { id }: Receiver,
  { response, failure, permanent }: Outcome,
): Promise<Verdict> {
  const now = ctx.clock.now()
  if (response && response.status >= 200 && response.status < 300) {
    await noteHealth(ctx, id, null)
    return { state: 'delivered' }
  }
  const health = await noteHealth(ctx, id, now)
  const reason = failure ?? 'webhook_refused'
  const detail = response ? `HTTP ${response.status}` : ''
  if (response?.status === 410) {
    await stopWebhook(ctx, id, 'gone')
    return { state: 'failed', reason, detail }
  }
  if (health && isHopeless(health, now.epochMilliseconds)) {
    ctx.log.warn({ webhookId: id, attempts, ...health }, 'webhook switched off')
    await stopWebhook(ctx, id, 'failing')
  }
  if (permanent) return { state: 'failed', reason, detail }
  const afterMs = retryAfter(response?.headers['retry-after'], now.epochMilliseconds)
  return { state: 'retry', reason, detail, ...(afterMs !== undefined && { afterMs }) }
}

interface Lane {
  isSlow(slow: boolean): void
  leave(): void
}

/** Keeps hosts that answer slowly, or not at all, from taking every worker there is. Of this process. */
function hostLanes() {
  const hosts = new Map<string, { running: number; restsUntil: number }>()
  return {
    enter(host: string): Lane | { waitMs: number } {
      const now = performance.now()
      const known = hosts.get(host) ?? { running: 0, restsUntil: 0 }
      if (known.restsUntil > now) return { waitMs: Math.ceil(known.restsUntil - now) }
      if (known.running >= MOST_PER_HOST) return { waitMs: WAIT_MS }
      known.running++
      hosts.set(host, known)
      return {
        isSlow(slow) {
          known.restsUntil = slow ? performance.now() + REST_MS : 0
        },
        leave() {
          known.running--
          if (known.running === 0 && known.restsUntil <= performance.now()) hosts.delete(host)
        },
      }
    },
  }
}

/** A mail to an account, as whoever writes mails takes it. */
export interface Notice {
  /** Of the delivery. */
  id: string
  to: { name: string; address: string }
  locale: Locale
  subject: string
  title: string
  lead: string
  rows: { label: string; lines: string[] }[]
  action: { text: string; href: string }
}

/** Tells owners that a webhook was switched off; one that is on again needs no telling. */
export function webhookNoticeCarrier(write: (ctx: Ctx, notice: Notice) => Promise<Verdict>): Carrier {
  return {
    kind: 'mail',
    topics: ['webhook.stopped'],
    async carry({ id, subject }, ctx) {
      if (!ctx.mail.configured) return { state: 'blocked', reason: MAIL_NOT_CONFIGURED }
      const row = await ctx.db
        .selectFrom('webhooks as w')
        .innerJoin('users as u', 'u.id', 'w.user_id')
        .where('w.id', '=', Number(subject.split(':')[1]))
        .select(['w.id', 'w.url', 'w.stopped', 'u.name', 'u.email', 'u.locale'])
        .executeTakeFirst()
      if (!row?.stopped) return { state: 'skipped', reason: 'superseded' }
      const locale = isLocale(row.locale) ? row.locale : 'en'
      const t = translatorFor(locale)
      const { host } = new URL(row.url)
      return write(ctx, {
        ...{ id, locale, to: { name: row.name, address: row.email } },
        subject: t('webhooks.mail.subject', { host }),
        title: t('webhooks.mail.title'),
        lead: t(`webhooks.stopped.${row.stopped}`),
        rows: [{ label: t('webhooks.url'), lines: [row.url] }],
        action: { text: t('webhooks.mail.action'), href: `${ctx.config.url.origin}/settings/webhooks/${row.id}` },
      })
    },
  }
}
