import { refreshAccount } from '#app/session.ts'
import { updateAppearance } from '#features/accounts/commands.ts'
import { chooseTheme } from '#features/accounts/settings/commands.ts'
import { updateDefaultLayouts } from '#features/event-types/layouts/commands.ts'
import { defaultLayouts } from '#features/event-types/layouts/queries.ts'
import { DEFAULT_OPTIONS, LAYOUTS } from '#features/event-types/types.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({
  layouts: (await defaultLayouts(ctx.db, userScope(ctx))) ?? DEFAULT_OPTIONS.layouts,
})

export const actions: Actions = {
  appearance: (event) =>
    formAction(event, async (form) => {
      await updateAppearance(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'appearance' as const }
    }),
  /** From the palette, which knows nothing of the other settings. */
  theme: (event) =>
    formAction(event, async (form) => {
      await chooseTheme(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'theme' as const }
    }),
  layouts: (event) =>
    formAction(event, async (form) => {
      const ticked = form.getAll('enabled')
      await updateDefaultLayouts(event.locals.ctx, {
        enabled: [...LAYOUTS.filter((one) => ticked.includes(one))],
        default: form.get('default'),
      })
      return { saved: 'layouts' as const }
    }),
}
