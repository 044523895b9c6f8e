import { refreshAccount } from '#app/session.ts'
import { updateAppearance } from '#features/accounts/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions } from './$types'

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      await updateAppearance(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'appearance' as const }
    }),
}
