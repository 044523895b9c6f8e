import { error, redirect } from '@sveltejs/kit'
import { safeNext } from '#app/gate.ts'
import { LINK_MINUTES } from '#features/accounts/links/rules.ts'
import { askForSignInLink } from '#features/accounts/sign-in-links/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals: { ctx, session } }) => {
  if (session) redirect(303, safeNext(null))
  if (!ctx.config.signInLinks || !ctx.mail.configured) error(404, 'not_found')
  return { minutes: LINK_MINUTES.sign_in_link }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      await askForSignInLink(event.locals.ctx, formFields(form))
      return { saved: 'sent' as const }
    }),
}
