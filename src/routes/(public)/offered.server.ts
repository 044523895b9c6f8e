import { type Cookies, error, type RequestEvent } from '@sveltejs/kit'
import { type OfferKey, offerKeyOf } from '#features/availability/queries.ts'
import type { Own } from '#features/availability/taken/queries.ts'
import type { Offer } from '#features/availability/types.ts'
import type { PrivateLink } from '#features/event-types/links/types.ts'
import { hashToken } from '#platform/crypto.ts'
import { linkAt, offerOf } from './offer.server.ts'

/** What is offered on this page, and whose time does not count as taken. */
export interface Offered {
  offer: Offer
  own: Own
  /** How many seats are moved. */
  seats?: number
  /** The private link that led here. */
  link?: { token: string; person: PrivateLink['person'] }
  /** Username of today, where it was asked for under a former one. */
  movedTo?: string | undefined
}

/** @throws 404 */
export async function offerAt(event: RequestEvent, address: { user: string; slug: string }): Promise<Offered> {
  const { cookies } = event
  const found = await offerOf(event, address)
  if (!found) error(404, 'event_type_not_found')
  return { offer: found.offer, own: ownHold(cookies), movedTo: found.movedTo }
}

/** Address of the page of an offer: `/ada/talk`, `/ada+bob/30`. */
export function pathOf({ offer: { host, coHosts, eventType } }: Pick<Offered, 'offer'>): string {
  return `/${[host, ...coHosts.map((one) => one.host)].map(({ username }) => username).join('+')}/${eventType.slug}`
}

/** @throws 404, link_expired, link_used_up, link_revoked */
export async function offerBehind(event: RequestEvent, { token }: { token: string }): Promise<Offered> {
  const { offer, link } = await linkAt(event, token)
  return { offer, own: ownHold(event.cookies), link: { token, person: link.person } }
}

/** What is booked and held on this page. */
export function keyOf({ offer }: Offered): OfferKey {
  return offerKeyOf(offer)
}

export function withZone({ offer, own }: Offered, timeZone: string): Offered {
  return { offer, own: { ...own, timeZone } }
}

export const HOLD_COOKIE = 'hold'

export function ownHold(cookies: Cookies): Own {
  const token = cookies.get(HOLD_COOKIE)
  return token ? { holdTokenHash: hashToken(token) } : {}
}

/** The browser lets go of its hold. The cookie is taken back as it was given: a Secure one is not believed over plain http. */
export function forgetHold({ cookies, locals }: Pick<RequestEvent, 'cookies' | 'locals'>): void {
  cookies.delete(HOLD_COOKIE, { path: '/', secure: locals.ctx.config.url.protocol === 'https:' })
}
