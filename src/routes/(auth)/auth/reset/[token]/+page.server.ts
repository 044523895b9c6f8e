import { redirect } from '@sveltejs/kit'
import { leave } from '#app/session.ts'
import { linkBehind } from '#features/accounts/links/queries.ts'
import { resetPassword } from '#features/accounts/password-reset/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

/** Opening the link changes nothing, since programs that look through mails open links too. */
export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const link = await linkBehind(ctx, 'password_reset', params.token)
  return { email: link?.present ?? null }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      await resetPassword(event.locals.ctx, event.params.token, formFields(form))
      await leave(event)
      redirect(303, '/auth/sign-in?reset')
    }),
}
