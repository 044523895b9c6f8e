import { redirect } from '@sveltejs/kit'
import {
  createSchedule,
  deleteSchedule,
  duplicateSchedule,
  restoreSchedule,
  setDefaultSchedule,
} from '#features/schedules/commands.ts'
import { listSchedules } from '#features/schedules/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({
  schedules: await listSchedules(ctx.db, userScope(ctx)),
  now: ctx.clock.now().epochMilliseconds,
})

export const actions: Actions = {
  create: async (event) => {
    const { ctx } = event.locals
    const made = await formAction(event, (form) =>
      createSchedule(ctx, {
        name: translatorFor(ctx.locale)('schedules.newName'),
        timeZone: String(form.get('timeZone')),
      }),
    )
    if ('id' in made) redirect(303, `/availability/${made.id}`)
    return made
  },
  duplicate: (event) => formAction(event, (form) => duplicateSchedule(event.locals.ctx, { id: idOf(form.get('id')) })),
  makeDefault: (event) =>
    formAction(event, async (form) => {
      await setDefaultSchedule(event.locals.ctx, { id: idOf(form.get('id')) })
      return { changed: true }
    }),
  delete: (event) =>
    formAction(event, async (form) => ({ ...(await deleteSchedule(event.locals.ctx, { id: idOf(form.get('id')) })) })),
  restore: (event) => formAction(event, (form) => restoreSchedule(event.locals.ctx, { key: String(form.get('key')) })),
}
