import { updateEventType } from '#features/event-types/commands.ts'
import { findEventType } from '#features/event-types/queries.ts'
import type { EventTypeChange } from '#features/event-types/schema.ts'
import { scheduleNames } from '#features/schedules/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf, jsonField } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

/** The hours of the week in which the host would rather meet. */
export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const scope = userScope(ctx)
  const { id, title, version, slug, preferred, scheduleId } = await findEventType(ctx.db, scope, idOf(params.id))
  const schedules = await scheduleNames(ctx.db, scope)
  const schedule = schedules.find((one) => (scheduleId === null ? one.isDefault : one.id === scheduleId))
  return {
    ...{ id, title, version, slug, preferred, timeZone: schedule?.timeZone ?? 'UTC' },
    now: ctx.clock.now().epochMilliseconds,
  }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, (form) => {
      const preferred = jsonField(form, 'preferred') as EventTypeChange['preferred']
      const version = String(form.get('version'))
      return updateEventType(event.locals.ctx, { preferred, id: idOf(event.params.id), version })
    }),
}
