import { redirect } from '@sveltejs/kit'
import { START } from '#app/gate.ts'
import { setUp } from '#app/onboarding.ts'
import { enter } from '#app/session.ts'
import { startSession } from '#features/accounts/sessions/commands.ts'
import { requireSetUpLink } from '#features/accounts/set-up/queries.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals: { ctx }, params }) => requireSetUpLink(ctx.db, params.token)

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const languages = event.request.headers.get('accept-language')
      const userId = await setUp(ctx, event.params.token, formFields(form), languages)
      await enter(event, await startSession(ctx, userId))
      redirect(303, START)
    }),
}
