import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { findEventType } from '../../event-types/queries.ts'
import { createWebhook, deleteWebhook, updateWebhook } from '../commands.ts'
import { webhookError } from '../errors.ts'
import { findWebhook, listWebhooks } from '../queries.ts'
import { MOST_WEBHOOKS, type Webhook } from '../types.ts'
import { presentedEventTypeWebhook, presentedWebhook } from './present.ts'
import {
  eventTypeParams,
  eventTypeWebhook,
  eventTypeWebhookParams,
  type NewWebhookBody,
  newWebhookBody,
  type WebhookUpdate,
  webhook,
  webhookParams,
  webhooksQuery,
  webhookUpdate,
} from './schema.ts'

const common = { tag: 'Webhooks', versions: UNVERSIONED } as const
const NAMES = { url: 'subscriberUrl', template: 'payloadTemplate' }

const create = defineApiRoute({
  ...common,
  method: 'post',
  path: '/webhooks',
  operationId: 'createWebhook',
  summary: 'Make a webhook',
  description: 'It is told of bookings of all event types.',
  access: 'WEBHOOK_WRITE',
  body: newWebhookBody,
  status: 201,
  data: webhook,
  refusals: ['too_many_webhooks'],
  async run(ctx, { body }) {
    const made = await make(ctx, null, body)
    return { data: presentedWebhook(made, userScope(ctx).userId, body.secret) }
  },
})

const listAll = defineApiRoute({
  ...common,
  method: 'get',
  path: '/webhooks',
  operationId: 'getWebhooks',
  summary: 'Webhooks for all event types',
  description: 'The newest first. Those of one event type are listed there.',
  access: 'WEBHOOK_READ',
  query: webhooksQuery,
  data: z.array(webhook),
  async run(ctx, { query: { take = MOST_WEBHOOKS, skip = 0 } }) {
    const scope = userScope(ctx)
    const { webhooks } = await listWebhooks(ctx.db, scope, { size: MOST_WEBHOOKS })
    const general = webhooks.filter(({ eventTypeId }) => eventTypeId === null)
    return { data: general.slice(skip, skip + take).map((one) => presentedWebhook(one, scope.userId)) }
  },
})

const get = defineApiRoute({
  ...common,
  method: 'get',
  path: '/webhooks/{webhookId}',
  operationId: 'getWebhook',
  summary: 'One webhook',
  access: 'WEBHOOK_READ',
  params: webhookParams,
  data: webhook,
  refusals: ['webhook_not_found'],
  async run(ctx, { params: { webhookId } }) {
    const scope = userScope(ctx)
    return { data: presentedWebhook(await findWebhook(ctx.db, scope, webhookId), scope.userId) }
  },
})

const update = defineApiRoute({
  ...common,
  method: 'patch',
  path: '/webhooks/{webhookId}',
  operationId: 'updateWebhook',
  summary: 'Change a webhook',
  access: 'WEBHOOK_WRITE',
  params: webhookParams,
  body: webhookUpdate,
  data: webhook,
  refusals: ['webhook_not_found'],
  async run(ctx, { params: { webhookId }, body }) {
    const changed = await change(ctx, webhookId, body)
    return { data: presentedWebhook(changed, userScope(ctx).userId, body.secret) }
  },
})

const remove = defineApiRoute({
  ...common,
  method: 'delete',
  path: '/webhooks/{webhookId}',
  operationId: 'deleteWebhook',
  summary: 'Delete a webhook',
  access: 'WEBHOOK_WRITE',
  params: webhookParams,
  data: webhook,
  refusals: ['webhook_not_found'],
  async run(ctx, { params: { webhookId } }) {
    const scope = userScope(ctx)
    const before = await findWebhook(ctx.db, scope, webhookId)
    await deleteWebhook(ctx, { id: webhookId })
    return { data: presentedWebhook(before, scope.userId) }
  },
})

const createOfType = defineApiRoute({
  ...common,
  method: 'post',
  path: '/event-types/{eventTypeId}/webhooks',
  operationId: 'createEventTypeWebhook',
  summary: 'Make a webhook of an event type',
  access: 'WEBHOOK_WRITE',
  params: eventTypeParams,
  body: newWebhookBody,
  status: 201,
  data: eventTypeWebhook,
  refusals: ['event_type_not_found', 'too_many_webhooks'],
  async run(ctx, { params: { eventTypeId }, body }) {
    return { data: presentedEventTypeWebhook(await make(ctx, eventTypeId, body), body.secret) }
  },
})

const listOfType = defineApiRoute({
  ...common,
  method: 'get',
  path: '/event-types/{eventTypeId}/webhooks',
  operationId: 'getEventTypeWebhooks',
  summary: 'Webhooks of an event type',
  access: 'WEBHOOK_READ',
  params: eventTypeParams,
  query: webhooksQuery,
  data: z.array(eventTypeWebhook),
  refusals: ['event_type_not_found'],
  async run(ctx, { params: { eventTypeId }, query: { take = MOST_WEBHOOKS, skip = 0 } }) {
    const all = await ofType(ctx, eventTypeId)
    return { data: all.slice(skip, skip + take).map((one) => presentedEventTypeWebhook(one)) }
  },
})

const removeAllOfType = defineApiRoute({
  ...common,
  method: 'delete',
  path: '/event-types/{eventTypeId}/webhooks',
  operationId: 'deleteEventTypeWebhooks',
  summary: 'Delete all webhooks of an event type',
  access: 'WEBHOOK_WRITE',
  params: eventTypeParams,
  data: z.string(),
  refusals: ['event_type_not_found'],
  async run(asking, { params: { eventTypeId } }) {
    const all = await ofType(asking, eventTypeId)
    await transaction(asking.db, async (tx) => {
      for (const { id } of all) await deleteWebhook({ ...asking, db: tx }, { id })
    })
    return { data: `${all.length} deleted` }
  },
})

const getOfType = defineApiRoute({
  ...common,
  method: 'get',
  path: '/event-types/{eventTypeId}/webhooks/{webhookId}',
  operationId: 'getEventTypeWebhook',
  summary: 'One webhook of an event type',
  access: 'WEBHOOK_READ',
  params: eventTypeWebhookParams,
  data: eventTypeWebhook,
  refusals: ['webhook_not_found'],
  async run(ctx, { params }) {
    return { data: presentedEventTypeWebhook(await requireOfType(ctx, params)) }
  },
})

const updateOfType = defineApiRoute({
  ...common,
  method: 'patch',
  path: '/event-types/{eventTypeId}/webhooks/{webhookId}',
  operationId: 'updateEventTypeWebhook',
  summary: 'Change a webhook of an event type',
  access: 'WEBHOOK_WRITE',
  params: eventTypeWebhookParams,
  body: webhookUpdate,
  data: eventTypeWebhook,
  refusals: ['webhook_not_found'],
  async run(ctx, { params, body }) {
    await requireOfType(ctx, params)
    return { data: presentedEventTypeWebhook(await change(ctx, params.webhookId, body), body.secret) }
  },
})

const removeOfType = defineApiRoute({
  ...common,
  method: 'delete',
  path: '/event-types/{eventTypeId}/webhooks/{webhookId}',
  operationId: 'deleteEventTypeWebhook',
  summary: 'Delete a webhook of an event type',
  access: 'WEBHOOK_WRITE',
  params: eventTypeWebhookParams,
  data: eventTypeWebhook,
  refusals: ['webhook_not_found'],
  async run(ctx, { params }) {
    const before = await requireOfType(ctx, params)
    await deleteWebhook(ctx, { id: params.webhookId })
    return { data: presentedEventTypeWebhook(before) }
  },
})

async function make(ctx: Ctx, eventTypeId: number | null, body: NewWebhookBody): Promise<Webhook> {
  const { subscriberUrl: url, payloadTemplate: template, secret = null, ...rest } = body
  const wanted = { ...rest, eventTypeId, url, secret, ...(template !== undefined && { template }) }
  const { id } = await inWireNames(NAMES, createWebhook(ctx, wanted))
  return findWebhook(ctx.db, userScope(ctx), id)
}

async function change(ctx: Ctx, id: number, body: WebhookUpdate): Promise<Webhook> {
  const { subscriberUrl: url, payloadTemplate: template, secret, active, triggers } = body
  await inWireNames(NAMES, updateWebhook(ctx, { id, url, template, active, triggers, secret }))
  return findWebhook(ctx.db, userScope(ctx), id)
}

/** @throws event_type_not_found */
async function ofType(ctx: Ctx, eventTypeId: number): Promise<Webhook[]> {
  const scope = userScope(ctx)
  await findEventType(ctx.db, scope, eventTypeId)
  return (await listWebhooks(ctx.db, scope, { eventTypeId, size: MOST_WEBHOOKS })).webhooks
}

/** @throws webhook_not_found, for one of another event type as well */
async function requireOfType(ctx: Ctx, wanted: { eventTypeId: number; webhookId: number }): Promise<Webhook> {
  const found = await findWebhook(ctx.db, userScope(ctx), wanted.webhookId)
  if (found.eventTypeId !== wanted.eventTypeId) throw webhookError('webhook_not_found')
  return found
}

export const webhookRoutes: readonly ApiRoute[] = [
  ...[create, listAll, get, update, remove],
  ...[createOfType, listOfType, removeAllOfType, getOfType, updateOfType, removeOfType],
]
