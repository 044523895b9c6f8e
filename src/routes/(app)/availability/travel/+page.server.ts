import { createTrip, deleteTrip, restoreTrip, updateTrip } from '#features/schedules/travel/commands.ts'
import { listTrips } from '#features/schedules/travel/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../form-json.ts'
import { todayIn } from '../today.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, parent }) => ({
  trips: await listTrips(ctx.db, userScope(ctx)),
  today: todayIn(ctx, (await parent()).account.timeZone),
  now: ctx.clock.now().epochMilliseconds,
})

const tripOf = (form: FormData) => ({
  firstDate: String(form.get('firstDate')),
  lastDate: String(form.get('lastDate') ?? '') || null,
  timeZone: String(form.get('timeZone')),
})

export const actions: Actions = {
  create: (event) => formAction(event, (form) => createTrip(event.locals.ctx, tripOf(form))),
  save: (event) =>
    formAction(event, (form) =>
      updateTrip(event.locals.ctx, {
        ...tripOf(form),
        id: idOf(form.get('id')),
        version: String(form.get('version')),
      }),
    ),
  delete: (event) => formAction(event, (form) => deleteTrip(event.locals.ctx, { id: idOf(form.get('id')) })),
  restore: (event) => formAction(event, (form) => restoreTrip(event.locals.ctx, { key: String(form.get('key')) })),
}
