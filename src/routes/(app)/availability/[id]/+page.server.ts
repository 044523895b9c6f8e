import { updateSchedule } from '#features/schedules/commands.ts'
import { findSchedule } from '#features/schedules/queries.ts'
import type { ScheduleChange } from '#features/schedules/schema.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf, jsonField } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => ({
  schedule: await findSchedule(ctx.db, userScope(ctx), idOf(params.id)),
  now: ctx.clock.now().epochMilliseconds,
})

export const actions: Actions = {
  save: (event) =>
    formAction(event, (form) => {
      const content = jsonField(form, 'schedule') as Omit<ScheduleChange, 'id' | 'version'>
      const version = String(form.get('version'))
      return updateSchedule(event.locals.ctx, { ...content, id: idOf(event.params.id), version })
    }),
}
