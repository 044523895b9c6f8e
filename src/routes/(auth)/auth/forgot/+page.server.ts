import { LINK_MINUTES } from '#features/accounts/links/rules.ts'
import { askForPasswordReset } from '#features/accounts/password-reset/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals: { ctx } }) => ({
  canMail: ctx.mail.configured,
  minutes: LINK_MINUTES.password_reset,
})

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      await askForPasswordReset(event.locals.ctx, formFields(form))
      return { saved: 'sent' as const }
    }),
}
