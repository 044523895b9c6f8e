import { redirect } from '@sveltejs/kit'
import { leave } from '#app/session.ts'
import { linkBehind } from '#features/accounts/links/queries.ts'
import { returnAddress } from '#features/accounts/mail-address/commands.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

/** Opening the link changes nothing, since programs that look through mails open links too. */
export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const link = await linkBehind(ctx, 'address_return', params.token)
  return { email: link?.email ?? null }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async () => {
      const token = await returnAddress(event.locals.ctx, event.params.token)
      await leave(event)
      redirect(303, `/auth/reset/${token}`)
    }),
}
