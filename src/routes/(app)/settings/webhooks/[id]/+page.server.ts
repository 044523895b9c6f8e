import { pingWebhook, redeliver, rotateSecret, updateWebhook } from '#features/webhooks/commands.ts'
import { listDeliveries } from '#features/webhooks/log/queries.ts'
import { contextOf, sampleBody } from '#features/webhooks/payload/rules.ts'
import { findWebhook } from '#features/webhooks/queries.ts'
import type { WebhookChange } from '#features/webhooks/schema.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const scope = userScope(ctx)
  const id = idOf(params.id)
  const webhook = await findWebhook(ctx.db, scope, id)
  const after = url.searchParams.get('after')
  return {
    ...{ webhook, after, log: await listDeliveries(ctx.db, scope, { webhookId: id, after }) },
    sample: contextOf(sampleBody(ctx.clock.now())),
    now: ctx.clock.now().epochMilliseconds,
  }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, async (form) => {
      await updateWebhook(event.locals.ctx, {
        id: idOf(event.params.id),
        url: String(form.get('url') ?? ''),
        triggers: form.getAll('triggers') as WebhookChange['triggers'],
        active: form.get('active') === 'on',
        template: String(form.get('template') ?? ''),
      })
      return { done: 'saved' as const }
    }),
  rotate: (event) => formAction(event, () => rotateSecret(event.locals.ctx, { id: idOf(event.params.id) })),
  ping: (event) =>
    formAction(event, async () => ({ ping: await pingWebhook(event.locals.ctx, { id: idOf(event.params.id) }) })),
  redeliver: (event) =>
    formAction(event, async (form) => {
      const deliveryId = String(form.get('delivery') ?? '')
      await redeliver(event.locals.ctx, { id: idOf(event.params.id), deliveryId })
      return { done: 'log_again_done' as const }
    }),
}
