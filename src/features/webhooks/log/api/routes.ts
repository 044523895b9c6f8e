import { z } from 'zod'
import { openCursor, paginationOf } from '#platform/http/api/pages.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { pingWebhook, redeliver, rotateSecret } from '../../commands.ts'
import { countDeliveries, listDeliveries } from '../queries.ts'
import { presentedDelivery, presentedPing } from './present.ts'
import {
  cursorShape,
  deliveriesQuery,
  delivery,
  deliveryParams,
  freshSecret,
  ping,
  secretWish,
  webhookParams,
} from './schema.ts'

const common = { tag: 'Webhooks', versions: UNVERSIONED } as const

const list = defineApiRoute({
  ...common,
  method: 'get',
  path: '/webhooks/{webhookId}/deliveries',
  operationId: 'getWebhookDeliveries',
  summary: 'What a webhook was told',
  description: 'The newest first, with what was sent and what came back, for thirty days.',
  access: 'WEBHOOK_READ',
  params: webhookParams,
  query: deliveriesQuery,
  data: z.array(delivery),
  paged: true,
  refusals: ['webhook_not_found'],
  async run(ctx, { params: { webhookId }, query: { take, cursor } }) {
    const [after] = cursor === undefined ? [] : openCursor(cursor, cursorShape)
    const { deliveries, next } = await listDeliveries(ctx.db, userScope(ctx), { webhookId, after, size: take })
    const { total, passed } = await countDeliveries(ctx.db, { webhookId, after })
    const page = { total, returned: deliveries.length, skip: passed, take, next: next === null ? null : [next] }
    return { data: deliveries.map(presentedDelivery), pagination: paginationOf(page) }
  },
})

const again = defineApiRoute({
  ...common,
  method: 'post',
  path: '/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver',
  operationId: 'redeliverToWebhook',
  summary: 'Send a delivery again',
  description: 'Under the same id, whatever came of it before.',
  access: 'WEBHOOK_WRITE',
  params: deliveryParams,
  refusals: ['webhook_not_found', 'delivery_not_replayable'],
  async run(ctx, { params: { webhookId: id, deliveryId } }) {
    await redeliver(ctx, { id, deliveryId })
    return { data: undefined }
  },
})

const test = defineApiRoute({
  ...common,
  method: 'post',
  path: '/webhooks/{webhookId}/ping',
  operationId: 'pingWebhook',
  summary: 'Send a test at once',
  description: 'And say what the other side answers.',
  access: 'WEBHOOK_WRITE',
  params: webhookParams,
  data: ping,
  refusals: ['webhook_not_found', 'rate_limited'],
  run: async (ctx, { params: { webhookId: id } }) => ({ data: presentedPing(await pingWebhook(ctx, { id })) }),
})

const rotate = defineApiRoute({
  ...common,
  method: 'post',
  path: '/webhooks/{webhookId}/rotate-secret',
  operationId: 'rotateWebhookSecret',
  summary: 'Sign with another secret',
  description: 'The one before signs as well for 24 hours.',
  access: 'WEBHOOK_WRITE',
  params: webhookParams,
  body: secretWish,
  data: freshSecret,
  refusals: ['webhook_not_found'],
  run: async (ctx, { params: { webhookId: id }, body: { secret } }) => ({
    data: await rotateSecret(ctx, { id, secret }),
  }),
})

export const webhookLogRoutes: readonly ApiRoute[] = [list, again, test, rotate]
