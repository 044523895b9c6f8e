import { deleteWebhook, restoreWebhook } from '#features/webhooks/commands.ts'
import { listWebhooks } from '#features/webhooks/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
  const after = idOf(url.searchParams.get('after')) || undefined
  return { ...(await listWebhooks(ctx.db, userScope(ctx), { after })), after: after ?? null }
}

export const actions: Actions = {
  delete: (event) => formAction(event, (form) => deleteWebhook(event.locals.ctx, { id: idOf(form.get('id')) })),
  restore: (event) =>
    formAction(event, async (form) => {
      await restoreWebhook(event.locals.ctx, { key: String(form.get('key')) })
      return { restored: true }
    }),
}
