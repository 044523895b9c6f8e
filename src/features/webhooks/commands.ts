import { randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { seal, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { planDeliveries, replayDelivery } from '#platform/deliveries.ts'
import { invalidInput } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import { isOutboundFailure } from '#platform/http/outbound.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { moveToTrash, putBack, takeFromTrash } from '#platform/trash.ts'
import { findEventType } from '../event-types/queries.ts'
import { webhookError } from './errors.ts'
import { webhookChanged } from './events.ts'
import { contextOf, sampleBody } from './payload/rules.ts'
import { findWebhook, receiverById, sealedAbout, sealingKey } from './queries.ts'
import { TIMED } from './rules.ts'
import {
  type NewWebhook,
  newWebhook,
  type Redelivery,
  type RestoreKey,
  redelivery,
  restoreKey,
  type SecretChange,
  secretChange,
  type WebhookChange,
  type WebhookKey,
  webhookChange,
  webhookKey,
} from './schema.ts'
import { send } from './sending/commands.ts'
import { requestTo } from './sending/rules.ts'
import { SECRET_PREFIX } from './signing/rules.ts'
import { fillingProblem } from './templates/rules.ts'
import { MOST_WEBHOOKS, type PingResult } from './types.ts'

/** The secret before signs as well for so long. */
const OVERLAP = { hours: 24 }
const SOME_TIME = Temporal.Instant.fromEpochMilliseconds(0)
const PING_LIMIT = { name: 'webhook-ping', attempts: 20, seconds: 600 }

/**
 * The secret is given back for this one time.
 * @throws invalid_input, event_type_not_found, too_many_webhooks
 */
export async function createWebhook(ctx: Ctx, input: NewWebhook): Promise<{ id: number; secret: string | null }> {
  const scope = userScope(ctx)
  const { secret: wanted, url, eventTypeId, ...rest } = parseInput(newWebhook, input)
  if (eventTypeId !== null) await findEventType(ctx.db, scope, eventTypeId)
  requireFills(rest.template)
  const address = await judged(ctx, url)
  const secret = wanted === undefined ? newSecret() : wanted
  return transaction(ctx.db, async (tx) => {
    await requireRoom(tx, scope)
    const now = ctx.clock.now()
    const { id } = await tx
      .insertInto('webhooks')
      .values({
        ...{ user_id: scope.userId, url: address, event_type_id: eventTypeId, ...rest },
        ...{ times_since: now, created_at: now, updated_at: now },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    if (secret !== null)
      await tx
        .updateTable('webhooks')
        .set({ secret: sealed(ctx, id, secret) })
        .where('id', '=', id)
        .execute()
    await emit(tx, ctx, webhookChanged, { webhookId: id, userId: scope.userId, change: 'created' as const })
    return { id, secret }
  })
}

/** Switching it on forgets what went wrong before. @throws invalid_input, webhook_not_found */
export async function updateWebhook(ctx: Ctx, input: WebhookChange): Promise<void> {
  const scope = userScope(ctx)
  const { id, url, secret, ...changes } = parseInput(webhookChange, input)
  requireFills(changes.template ?? null)
  const address = url === undefined ? undefined : await judged(ctx, url)
  await transaction(ctx.db, async (tx) => {
    const before = await lock(tx, scope, id)
    const now = ctx.clock.now()
    const triggers = changes.triggers ?? before.triggers
    const isTimedAnew = TIMED.some((one) => triggers.includes(one) && !before.triggers.includes(one))
    const isSwitchedOn = changes.active === true && !before.active
    await tx
      .updateTable('webhooks')
      .set({
        ...changes,
        ...(address !== undefined && { url: address }),
        ...((isTimedAnew || isSwitchedOn) && { times_since: now }),
        ...(isSwitchedOn && { stopped: null, failing_since: null, failures: 0 }),
        ...(secret !== undefined && rotation(ctx, id, before.secret, secret)),
        updated_at: now,
      })
      .where('id', '=', id)
      .execute()
    await emit(tx, ctx, webhookChanged, { webhookId: id, userId: scope.userId, change: 'updated' as const })
  })
}

/**
 * A new secret, given back for this one time. The one before signs as well for a day, so that receivers can change over at leisure.
 * Null as the secret: from now on nothing is signed.
 * @throws invalid_input, webhook_not_found
 */
export async function rotateSecret(ctx: Ctx, input: SecretChange): Promise<{ secret: string | null }> {
  const scope = userScope(ctx)
  const { id, secret: wanted } = parseInput(secretChange, input)
  const secret = wanted === undefined ? newSecret() : wanted
  return transaction(ctx.db, async (tx) => {
    const before = await lock(tx, scope, id)
    await tx
      .updateTable('webhooks')
      .set({ ...rotation(ctx, id, before.secret, secret), updated_at: ctx.clock.now() })
      .where('id', '=', id)
      .execute()
    await emit(tx, ctx, webhookChanged, { webhookId: id, userId: scope.userId, change: 'secret_rotated' as const })
    return { secret }
  })
}

/** The key takes it back. @throws webhook_not_found */
export async function deleteWebhook(ctx: Ctx, input: WebhookKey): Promise<{ key: string }> {
  const scope = userScope(ctx)
  const { id } = parseInput(webhookKey, input)
  return transaction(ctx.db, async (tx) => {
    const key = await moveToTrash(tx, scope, { source: 'webhooks', id, now: ctx.clock.now() })
    if (key === null) throw webhookError('webhook_not_found')
    await emit(tx, ctx, webhookChanged, { webhookId: id, userId: scope.userId, change: 'deleted' as const })
    return { key }
  })
}

/** With its secrets, as they were. What happened meanwhile is not told. @throws nothing_to_restore, too_many_webhooks */
export async function restoreWebhook(ctx: Ctx, input: RestoreKey): Promise<{ id: number }> {
  const scope = userScope(ctx)
  const { key } = parseInput(restoreKey, input)
  return transaction(ctx.db, async (tx) => {
    await requireRoom(tx, scope)
    const trashed = await takeFromTrash(tx, scope, { source: 'webhooks', key })
    if (!trashed) throw webhookError('nothing_to_restore')
    await putBack(tx, 'webhooks', trashed.content)
    const id = Number(trashed.content.id)
    await tx.updateTable('webhooks').set({ times_since: ctx.clock.now() }).where('id', '=', id).execute()
    await emit(tx, ctx, webhookChanged, { webhookId: id, userId: scope.userId, change: 'restored' as const })
    return { id }
  })
}

/** Sends a test at once and says what came back. @throws webhook_not_found, rate_limited */
export async function pingWebhook(ctx: Ctx, input: WebhookKey): Promise<PingResult> {
  const scope = userScope(ctx)
  const { id } = parseInput(webhookKey, input)
  await findWebhook(ctx.db, scope, id)
  await ctx.rateLimiter.consume(PING_LIMIT, String(scope.userId))
  const receiver = await receiverById(ctx, id)
  if (!receiver) throw webhookError('webhook_not_found')
  const request = requestTo(receiver, sampleBody(ctx.clock.now()), { id: uuidv7(), now: ctx.clock.now() })
  if ('problem' in request) return { ok: false, failure: request.problem, milliseconds: 0 }
  const { response, failure, milliseconds } = await send(ctx, request)
  if (!response) return { ok: false, failure: failure ?? 'outbound_unreachable', milliseconds }
  const { status, body: said } = response
  return { ok: status >= 200 && status < 300, status, body: said, milliseconds }
}

/**
 * Sends one delivery of the log again, with the same id and whatever came of it before.
 * @throws webhook_not_found, delivery_not_replayable
 */
export async function redeliver(ctx: Ctx, input: Redelivery): Promise<void> {
  const scope = userScope(ctx)
  const { id, deliveryId } = parseInput(redelivery, input)
  await findWebhook(ctx.db, scope, id)
  const which = { id: deliveryId, kind: 'webhook' as const, target: String(id) }
  await transaction(ctx.db, async (tx) => {
    if (!(await replayDelivery(tx, ctx, which))) throw webhookError('delivery_not_replayable')
    await emit(tx, ctx, webhookChanged, { webhookId: id, userId: scope.userId, change: 'redelivered' as const })
  })
}

/** Switches a webhook off that takes nothing, and has its owner told. Nothing happens when it is off. */
export async function stopWebhook(ctx: Ctx, id: number, why: 'gone' | 'failing'): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const row = await tx
      .updateTable('webhooks')
      .set({ active: false, stopped: why, updated_at: now })
      .where('id', '=', id)
      .where('active', '=', true)
      .returning('user_id')
      .executeTakeFirst()
    if (!row) return
    await emit(tx, ctx, webhookChanged, { webhookId: id, userId: row.user_id, change: 'stopped' as const })
    const subject = `webhook:${id}`
    const version = now.epochMilliseconds
    await planDeliveries(tx, ctx, [
      { eventId: null, subject, kind: 'mail', topic: 'webhook.stopped', target: `user:${row.user_id}`, version },
    ])
  })
}

/** As the other side is known to be from here on: null is an end of its failures. */
export async function noteHealth(
  { db }: Pick<Ctx, 'db'>,
  id: number,
  failedAt: Temporal.Instant | null,
): Promise<{ since: number; failures: number } | null> {
  if (failedAt === null) {
    await db
      .updateTable('webhooks')
      .set({ failing_since: null, failures: 0 })
      .where('id', '=', id)
      .where('failures', '>', 0)
      .execute()
    return null
  }
  const row = await db
    .updateTable('webhooks')
    .set((eb) => ({
      failures: eb('failures', '+', 1),
      failing_since: eb.fn.coalesce('failing_since', eb.val(failedAt)),
    }))
    .where('id', '=', id)
    .returning(['failing_since', 'failures'])
    .executeTakeFirst()
  return row ? { since: row.failing_since?.epochMilliseconds ?? 0, failures: row.failures } : null
}

/** Outside of any transaction: finding a name takes time. @throws invalid_input */
async function judged({ outbound }: Ctx, url: string): Promise<string> {
  try {
    return await outbound.check(url)
  } catch (failure) {
    if (!isOutboundFailure(failure)) throw failure
    throw invalidInput([{ path: 'url', code: failure.code, message: failure.code }])
  }
}

/** What a template gives for a test has to be something. @throws invalid_input */
function requireFills(template: string | null): void {
  const problem = template === null ? null : fillingProblem(template, contextOf(sampleBody(SOME_TIME)))
  if (problem) throw invalidInput([{ path: 'template', code: problem, message: problem }])
}

/** @param before sealed */
function rotation(ctx: Ctx, id: number, before: string | null, secret: string | null) {
  const former = secret === null ? null : before
  return {
    secret: secret === null ? null : sealed(ctx, id, secret),
    former_secret: former,
    former_until: former === null ? null : ctx.clock.now().add(OVERLAP),
  }
}

function newSecret(): string {
  return SECRET_PREFIX + randomBytes(32).toString('base64')
}

function sealed({ config }: Ctx, id: number, secret: string): string {
  return seal(sealingKey(config), secret, sealedAbout(id))
}

async function lock(tx: Tx, { userId }: UserScope, id: number) {
  const row = await tx
    .selectFrom('webhooks')
    .select(['triggers', 'active', 'secret'])
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw webhookError('webhook_not_found')
  return row
}

async function requireRoom(tx: Tx, { userId }: UserScope): Promise<void> {
  await tx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute()
  const { count } = await tx
    .selectFrom('webhooks')
    .where('user_id', '=', userId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count >= MOST_WEBHOOKS) throw webhookError('too_many_webhooks', { max: MOST_WEBHOOKS })
}
