import { redirect } from '@sveltejs/kit'
import { listPath } from '#features/bookings/arrangement/schema.ts'
import { defaultView } from '#features/bookings/views/queries.ts'
import { userScope } from '#platform/scope.ts'
import type { PageServerLoad } from './$types'

/** What a host wants their bookings to open with; who asks for something gets that. */
export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
  const view = url.search === '' ? await defaultView(ctx.db, userScope(ctx)) : null
  redirect(307, view ? listPath(view, view.id) : `/bookings/upcoming${url.search}`)
}
