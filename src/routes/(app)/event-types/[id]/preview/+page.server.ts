import { error } from '@sveltejs/kit'
import { loadOffer } from '#features/availability/queries.ts'
import { findEventType } from '#features/event-types/queries.ts'
import { readableSettings } from '#features/event-types/schema.ts'
import { uuidv7 } from '#platform/crypto.ts'
import { formAction } from '#platform/http/kit.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { offerPage } from '../../../../(public)/book.server.ts'
import { habitsOfVisitor } from '../../../../(public)/visitor.server.ts'
import { idOf, jsonField } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

/** The page of an event type with settings that are not saved: the same parts, and times computed for them. */
export const load: PageServerLoad = async (event) => {
  const { locals, params, request, cookies } = event
  const { ctx, draft } = locals
  const { id } = await findEventType(ctx.db, userScope(ctx), idOf(params.id))
  const stored = await loadOffer(ctx.db, { eventTypeId: id })
  if (!stored) error(404, 'event_type_not_found')
  const eventType = { ...stored.eventType, ...draft }
  // A version of its own, so that compiled offers of the real page are not taken for this one.
  const offer = draft ? { ...stored, eventType, version: uuidv7() } : stored
  ctx.locale = eventType.language ?? ctx.locale
  return {
    ...habitsOfVisitor(ctx.locale, request.headers.get('accept-language'), cookies),
    texts: messagesOf(ctx.locale, ['ui', 'public', 'booker', 'errors']),
    offer: await offerPage(event, { offer, own: {} }, `/${offer.host.username}/${eventType.slug}`),
  }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      event.locals.draft = readableSettings(jsonField(form, 'settings'))
    }),
}
