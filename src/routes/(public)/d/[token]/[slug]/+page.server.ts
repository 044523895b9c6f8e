import { linkPath } from '#features/event-types/links/rules.ts'
import { bookingActions, offerPage } from '../../../book.server.ts'
import { keepSecret } from '../../../booking.server.ts'
import { offerBehind } from '../../../offered.server.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

/** The page behind a private link. It goes by the token alone, so that it works on when the event type is renamed. */
export const load: PageServerLoad = async (event) => {
  keepSecret(event)
  const offered = await offerBehind(event, event.params)
  return offerPage(event, offered, linkPath(event.params.token, offered.offer.eventType.slug))
}

export const actions: Actions = bookingActions((event: RequestEvent) => offerBehind(event, event.params))
