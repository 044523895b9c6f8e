import { eventTypeChoices } from '#features/event-types/listing/queries.ts'
import { createWebhook } from '#features/webhooks/commands.ts'
import { contextOf, sampleBody } from '#features/webhooks/payload/rules.ts'
import type { NewWebhook } from '#features/webhooks/schema.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
  const eventTypes = await eventTypeChoices(ctx.db, userScope(ctx))
  const wanted = idOf(url.searchParams.get('eventType'))
  return {
    eventTypes: eventTypes.map(({ id, title }) => ({ id, title })),
    eventTypeId: eventTypes.some(({ id }) => id === wanted) ? wanted : null,
    sample: contextOf(sampleBody(ctx.clock.now())),
  }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, (form) => {
      const secret = String(form.get('secretToken') ?? '')
      return createWebhook(event.locals.ctx, {
        url: String(form.get('url') ?? ''),
        eventTypeId: idOf(form.get('eventType')) || null,
        triggers: form.getAll('triggers') as NewWebhook['triggers'],
        template: String(form.get('template') ?? ''),
        ...(secret !== '' && { secret }),
      })
    }),
}
