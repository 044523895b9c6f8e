import { updateEventType } from '#features/event-types/commands.ts'
import { findEventType } from '#features/event-types/queries.ts'
import type { EventTypeChange } from '#features/event-types/schema.ts'
import { formAction } from '#platform/http/kit.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { idOf, jsonField } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const eventType = await findEventType(ctx.db, userScope(ctx), idOf(params.id))
  const { id, title, version, seats, questions, splitName, verifyEmail, requiredEmails, excludedEmails } = eventType
  return {
    ...{ id, title, version },
    stored: { questions, splitName, verifyEmail, requiredEmails, excludedEmails },
    parties: (seats?.maxPerBooking ?? 1) > 1,
    formTexts: messagesOf(ctx.locale, ['ui', 'booker']),
    canMail: ctx.mail.configured,
  }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, (form) => {
      const sent = jsonField(form, 'settings') as Omit<EventTypeChange, 'id' | 'version'>
      const { questions, splitName, verifyEmail, requiredEmails, excludedEmails } = sent
      const settings = { questions, splitName, verifyEmail, requiredEmails, excludedEmails }
      const version = String(form.get('version'))
      return updateEventType(event.locals.ctx, { ...settings, id: idOf(event.params.id), version })
    }),
}
