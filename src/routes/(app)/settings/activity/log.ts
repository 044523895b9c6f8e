import { requireSession } from '#app/session.ts'
import {
  type ActivityPage,
  type ActivitySearch,
  instanceActivity,
  ownActivity,
} from '#features/accounts/audit/queries.ts'
import { activityFiltersOf } from '#features/accounts/audit/schema.ts'
import { instanceScope, userScope } from '#platform/scope.ts'

/** Which log an address asks for, and how to read it. @throws operators_only for everybody's, to ordinary members */
export function logOf(locals: App.Locals, params: URLSearchParams) {
  const { ctx } = locals
  const { id: readerId, timeZone } = requireSession(locals).account
  const all = params.get('log') === 'all'
  const filters = activityFiltersOf(params)
  const scope = all ? instanceScope(ctx) : null
  const read = (page: Pick<ActivitySearch, 'after' | 'size'>): Promise<ActivityPage> => {
    const search = { ...filters, ...page, timeZone }
    return scope
      ? instanceActivity(ctx.db, scope, { ...search, readerId })
      : ownActivity(ctx.db, userScope(ctx), search)
  }
  return { all, filters, read }
}
