import { redirect } from '@sveltejs/kit'
import {
  createEventType,
  deleteEventType,
  duplicateEventType,
  moveEventType,
  restoreEventType,
  setEventTypeHidden,
} from '#features/event-types/commands.ts'
import { pageOfEventTypes } from '#features/event-types/listing/queries.ts'
import type { Step } from '#features/event-types/rules.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { pageOf, pagesAround, wordsOf } from '../../page-number.ts'
import { idOf } from '../form-json.ts'
import type { Actions, PageServerLoad } from './$types'
import { quickEventType } from './quick-event-type.ts'

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
  const words = wordsOf(url)
  const { page, ...part } = pageOf(url)
  const listed = await pageOfEventTypes(ctx.db, userScope(ctx), { words, ...part })
  const { eventTypes, total, before, next, following } = listed
  // What was on it was deleted or moved.
  if (eventTypes.length === 0 && page > 1)
    redirect(303, `/event-types${words && `?${new URLSearchParams({ q: words })}`}`)
  return { eventTypes, total, before, following, words, page, ...pagesAround(page, words, next !== null) }
}

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
      const [id, before, to] = [idOf(form.get('id')), form.get('before'), form.get('to')]
      const wanted = to === null ? { before: before ? idOf(before) : null } : { to: String(to) as Step }
      return moveEventType(event.locals.ctx, { id, ...wanted })
    }),
  delete: (event) => formAction(event, (form) => deleteEventType(event.locals.ctx, { id: idOf(form.get('id')) })),
  restore: (event) => formAction(event, (form) => restoreEventType(event.locals.ctx, { key: String(form.get('key')) })),
}
