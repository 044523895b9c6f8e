import { updateEventType } from '#features/event-types/commands.ts'
import { findEventType } from '#features/event-types/queries.ts'
import type { EventTypeChange } from '#features/event-types/schema.ts'
import { formAction } from '#platform/http/kit.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { idOf, jsonField } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const { id, title, slug, version, questions, splitName } = await findEventType(
    ctx.db,
    userScope(ctx),
    idOf(params.id),
  )
  return { id, title, slug, version, questions, splitName, formTexts: messagesOf(ctx.locale, ['ui', 'booker']) }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, (form) => {
      const { questions, splitName } = jsonField(form, 'settings') as Pick<EventTypeChange, 'questions' | 'splitName'>
      const version = String(form.get('version'))
      return updateEventType(event.locals.ctx, { id: idOf(event.params.id), version, questions, splitName })
    }),
}
