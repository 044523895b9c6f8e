import { leadOn } from '../../../offer.server.ts'
import { offerAt, pathOf } from '../../../offered.server.ts'
import { whyPage } from '../../../why.server.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  event.setHeaders({ 'x-robots-tag': 'noindex', 'cache-control': 'private, no-store' })
  const offered = await offerAt(event, event.params)
  leadOn(event, offered.movedTo)
  return whyPage(event, offered, pathOf(offered))
}
