import { bookingActions, offerPage } from '../../book.server.ts'
import { offerAt } from '../../booker.server.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const load: PageServerLoad = async (event) => {
  event.setHeaders({ 'cache-control': 'private, no-cache' })
  const offered = await offerAt(event, event.params)
  const { host, coHosts, eventType } = offered.offer
  const names = [host, ...coHosts.map((one) => one.host)].map(({ username }) => username)
  return offerPage(event, offered, `/${names.join('+')}/${eventType.slug}`)
}

export const actions: Actions = bookingActions((event: RequestEvent) => offerAt(event, event.params))
