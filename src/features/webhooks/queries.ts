import type { Selectable } from 'kysely'
import { deriveKey, unseal } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Tables } from '#platform/db/tables.ts'
import type { UserScope } from '#platform/scope.ts'
import { webhookError } from './errors.ts'
import type { Trigger, Webhook } from './types.ts'

const PAGE = 25

export interface WebhookPage {
  webhooks: Webhook[]
  /** Id after which the next page begins; null: this was the last. */
  next: number | null
}

/** A host's webhooks, the newest first: all of them, or those of one event type. */
export async function listWebhooks(
  db: Db,
  scope: UserScope,
  { eventTypeId, after, size = PAGE }: { eventTypeId?: number; after?: number; size?: number } = {},
): Promise<WebhookPage> {
  let query = ownWebhooks(db, scope)
  if (eventTypeId !== undefined) query = query.where('w.event_type_id', '=', eventTypeId)
  if (after !== undefined) query = query.where('w.id', '<', after)
  const rows = await query
    .orderBy('w.id', 'desc')
    .limit(size + 1)
    .execute()
  const webhooks = rows.slice(0, size).map(webhookOf)
  return { webhooks, next: rows.length > size ? (webhooks.at(-1)?.id ?? null) : null }
}

/** @throws webhook_not_found, whoever else may own it */
export async function findWebhook(db: Db, scope: UserScope, id: number): Promise<Webhook> {
  const row = await ownWebhooks(db, scope).where('w.id', '=', id).executeTakeFirst()
  if (!row) throw webhookError('webhook_not_found')
  return webhookOf(row)
}

function ownWebhooks(db: Db, { userId }: UserScope) {
  return db
    .selectFrom('webhooks as w')
    .leftJoin('event_types as e', 'e.id', 'w.event_type_id')
    .where('w.user_id', '=', userId)
    .selectAll('w')
    .select('e.title as event_type_title')
}

type Row = Selectable<Tables['webhooks']>

function webhookOf(row: Row & { event_type_title: string | null }): Webhook {
  return {
    id: row.id,
    url: row.url,
    eventTypeId: row.event_type_id,
    eventTypeTitle: row.event_type_title,
    active: row.active,
    triggers: row.triggers as Trigger[],
    template: row.template,
    version: row.version,
    hasSecret: row.secret !== null,
    formerUntil: row.former_secret === null ? null : (row.former_until?.epochMilliseconds ?? null),
    stopped: row.stopped,
    failingSince: row.failing_since?.epochMilliseconds ?? null,
    createdAt: row.created_at.epochMilliseconds,
  }
}

/** Everything about a webhook, for those who deliver. */
export interface Receiver extends Pick<Row, 'id' | 'user_id' | 'url' | 'active' | 'template' | 'version'> {
  /** The newest first. */
  secrets: string[]
}

/** For jobs. @throws when a secret was sealed with another key than this instance has */
export async function receiverById({ db, config, clock }: Ctx, id: number): Promise<Receiver | null> {
  const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const { user_id, url, active, template, version, secret, former_secret, former_until } = row
  const isFormerValid = former_until !== null && former_until.epochMilliseconds > clock.now().epochMilliseconds
  const sealed = [secret, isFormerValid ? former_secret : null].filter((one) => one !== null)
  const key = sealingKey(config)
  return {
    ...{ id, user_id, url, active, template, version },
    secrets: sealed.map((one) => unseal(key, one, sealedAbout(id))),
  }
}

/** What secrets are sealed with. */
export function sealingKey({ secret }: Pick<Ctx['config'], 'secret'>): Buffer {
  return deriveKey(secret, 'webhooks')
}

/** What a sealed secret is bound to. */
export function sealedAbout(webhookId: number): string {
  return `webhook:${webhookId}`
}

/** Who listens to one of the triggers of these hosts, about this event type, and did at the time. */
export async function subscribers(
  db: Db,
  wanted: {
    hostIds: readonly number[]
    eventTypeId: number | null
    triggers: readonly Trigger[]
    at: Row['created_at']
  },
): Promise<{ webhookId: number; triggers: Trigger[] }[]> {
  const rows = await db
    .selectFrom('webhooks')
    .where('user_id', 'in', [...wanted.hostIds])
    .where('active', '=', true)
    .where('created_at', '<=', wanted.at)
    .where((eb) => eb.or([eb('event_type_id', 'is', null), eb('event_type_id', '=', wanted.eventTypeId)]))
    .orderBy('id')
    .select(['id', 'triggers'])
    .execute()
  return rows.flatMap(({ id, triggers }) => {
    const listened = wanted.triggers.filter((trigger) => triggers.includes(trigger))
    return listened.length > 0 ? [{ webhookId: id, triggers: listened }] : []
  })
}
