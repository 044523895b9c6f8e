import { refreshAccount, requireSession } from '#app/session.ts'
import { confirmAddress } from '#features/accounts/mail-address/commands.ts'
import { addressLink } from '#features/accounts/mail-address/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import type { Actions, PageServerLoad } from './$types'

/** Opening the link changes nothing, since programs that look through mails open links too. */
export const load: PageServerLoad = async ({ locals: { ctx }, params }) => ({
  link: await addressLink(userScope(ctx), ctx, params.token),
})

export const actions: Actions = {
  default: (event) =>
    formAction(event, async () => {
      await confirmAddress(event.locals.ctx, event.params.token, requireSession(event.locals).id)
      await refreshAccount(event.locals)
      return { saved: 'address' as const }
    }),
}
