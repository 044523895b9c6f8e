import { redirect } from '@sveltejs/kit'
import { START } from '#app/gate.ts'
import { signUp } from '#app/onboarding.ts'
import { enter } from '#app/session.ts'
import { startSession } from '#features/accounts/sessions/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals }) => {
  if (locals.session) redirect(303, START)
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const userId = await signUp(ctx, formFields(form), event.request.headers.get('accept-language'))
      await enter(event, await startSession(ctx, userId))
      redirect(303, START)
    }),
}
