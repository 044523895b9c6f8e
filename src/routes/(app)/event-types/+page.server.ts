import { redirect } from '@sveltejs/kit'
import {
  createEventType,
  deleteEventType,
  duplicateEventType,
  moveEventType,
  restoreEventType,
  setEventTypeHidden,
} from '#features/event-types/commands.ts'
import { listEventTypes } from '#features/event-types/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../form-json.ts'
import type { Actions, PageServerLoad } from './$types'
import { quickEventType } from './quick-event-type.ts'

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({
  eventTypes: await listEventTypes(ctx.db, userScope(ctx)),
})

export const actions: Actions = {
  create: async (event) => {
    const made = await formAction(event, (form) => createEventType(event.locals.ctx, quickEventType(form)))
    if ('id' in made) redirect(303, `/event-types/${made.id}?new`)
    return made
  },
  duplicate: (event) => formAction(event, (form) => duplicateEventType(event.locals.ctx, { id: idOf(form.get('id')) })),
  hide: (event) =>
    formAction(event, async (form) => {
      const hidden = form.get('hidden') === 'true'
      await setEventTypeHidden(event.locals.ctx, { id: idOf(form.get('id')), hidden })
      return { hidden }
    }),
  move: (event) =>
    formAction(event, async (form) => {
      const before = form.get('before')
      await moveEventType(event.locals.ctx, { id: idOf(form.get('id')), before: before ? idOf(before) : null })
      return { moved: true }
    }),
  delete: (event) => formAction(event, (form) => deleteEventType(event.locals.ctx, { id: idOf(form.get('id')) })),
  restore: (event) => formAction(event, (form) => restoreEventType(event.locals.ctx, { key: String(form.get('key')) })),
}
