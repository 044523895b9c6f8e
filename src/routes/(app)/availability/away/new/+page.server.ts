import { redirect } from '@sveltejs/kit'
import { createAbsence } from '#features/schedules/away/commands.ts'
import { formAction } from '#platform/http/kit.ts'
import { todayIn } from '../../today.ts'
import { absenceOf } from '../absence-form.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, parent }) => ({
  today: todayIn(ctx, (await parent()).account.timeZone),
})

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      await createAbsence(event.locals.ctx, absenceOf(form))
      redirect(303, '/availability/away')
    }),
}
