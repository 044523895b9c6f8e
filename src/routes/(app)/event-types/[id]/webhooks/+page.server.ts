import { findEventType } from '#features/event-types/queries.ts'
import { listWebhooks } from '#features/webhooks/queries.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../../form-json.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const scope = userScope(ctx)
  const { id, title } = await findEventType(ctx.db, scope, idOf(params.id))
  const after = idOf(url.searchParams.get('after')) || undefined
  const page = await listWebhooks(ctx.db, scope, { eventTypeId: id, after })
  return { ...{ id, title, after: after ?? null }, ...page }
}
