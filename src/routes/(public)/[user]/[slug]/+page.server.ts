import { redirect } from '@sveltejs/kit'
import { bookingActions, offerPage } from '../../book.server.ts'
import { leadOn } from '../../offer.server.ts'
import { offerAt, pathOf } from '../../offered.server.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const load: PageServerLoad = async (event) => {
  event.setHeaders({ 'cache-control': 'private, no-cache' })
  moveInstead(event)
  const offered = await offerAt(event, event.params)
  leadOn(event, offered.movedTo)
  return offerPage(event, offered, pathOf(offered))
}

/** `?rescheduleUid=` names a booking that is to be moved: that has a page of its own. */
function moveInstead({ url }: RequestEvent): void {
  const query = new URLSearchParams(url.searchParams)
  const uid = query.get('rescheduleUid')
  if (!uid) return
  query.delete('rescheduleUid')
  redirect(302, `/reschedule/${encodeURIComponent(uid)}${query.size > 0 ? `?${query}` : ''}`)
}

export const actions: Actions = bookingActions((event: RequestEvent) => offerAt(event, event.params))
