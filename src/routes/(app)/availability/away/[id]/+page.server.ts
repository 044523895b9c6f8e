import { redirect } from '@sveltejs/kit'
import { updateAbsence } from '#features/schedules/away/commands.ts'
import { findAbsence } from '#features/schedules/away/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../../form-json.ts'
import { todayIn } from '../../today.ts'
import { absenceOf } from '../absence-form.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params, parent }) => ({
  absence: await findAbsence(ctx.db, userScope(ctx), idOf(params.id)),
  today: todayIn(ctx, (await parent()).account.timeZone),
})

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const id = idOf(event.params.id)
      await updateAbsence(event.locals.ctx, { ...absenceOf(form), id, version: String(form.get('version')) })
      redirect(303, '/availability/away')
    }),
}
