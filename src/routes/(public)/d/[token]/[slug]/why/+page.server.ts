import { linkPath } from '#features/event-types/links/rules.ts'
import { keepSecret } from '../../../../booking.server.ts'
import { offerBehind } from '../../../../offered.server.ts'
import { whyPage } from '../../../../why.server.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  keepSecret(event)
  const offered = await offerBehind(event, event.params)
  return whyPage(event, offered, linkPath(event.params.token, offered.offer.eventType.slug))
}
