import { addPreset, changePreset, deletePreset, restorePreset } from '#features/bookings/notes/presets/commands.ts'
import { listPresets } from '#features/bookings/notes/presets/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => ({
  presets: await listPresets(ctx.db, userScope(ctx)),
  editing: idOf(url.searchParams.get('edit')),
})

export const actions: Actions = {
  add: (event) =>
    formAction(event, async (form) => {
      await addPreset(event.locals.ctx, { text: form.get('text'), reason: form.get('reason') })
      return { saved: true }
    }),
  change: (event) =>
    formAction(event, async (form) => {
      const [id, text, reason] = [idOf(form.get('id')), form.get('text'), form.get('reason')]
      await changePreset(event.locals.ctx, { id, text, reason })
      return { saved: true }
    }),
  remove: (event) =>
    formAction(event, async (form) => {
      const { key } = await deletePreset(event.locals.ctx, { id: idOf(form.get('id')) })
      return { removed: key }
    }),
  restore: (event) =>
    formAction(event, async (form) => {
      await restorePreset(event.locals.ctx, { key: form.get('key') })
      return { saved: true }
    }),
}
