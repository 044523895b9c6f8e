import { error, type RequestEvent } from '@sveltejs/kit'
import { loadOffer, type OfferKey } from '#features/availability/queries.ts'
import type { Offer } from '#features/availability/types.ts'
import { requireOpen } from '#features/event-types/links/commands.ts'
import { linkByToken } from '#features/event-types/links/queries.ts'
import type { PrivateLink } from '#features/event-types/links/types.ts'

/** What an address offers; `link` when it is a private one. */
export interface Found {
  offer: Offer
  link: PrivateLink | null
}

/** Read once per request; what is said in the request is from then on said in the language of the offer. Null when there is none. */
export function offerOf(
  event: RequestEvent,
  address: { user: string; slug: string } | { token: string },
): Promise<Found | null> {
  const { locals } = event
  locals.found ??= read()
  return locals.found

  async function read(): Promise<Found | null> {
    const found = await ('token' in address ? atLink(event, address.token) : atAddress(event, address))
    locals.ctx.locale = found?.offer.eventType.language ?? locals.ctx.locale
    return found
  }
}

async function atAddress(
  { locals }: RequestEvent,
  { user, slug }: { user: string; slug: string },
): Promise<Found | null> {
  const offer = await loadOffer(locals.ctx.db, keyAt(user.toLowerCase(), slug.toLowerCase()))
  return offer && { offer, link: null }
}

/** `/ada+bob/30` is what both have free for 30 minutes. */
function keyAt(user: string, slug: string): OfferKey {
  const group = user.split('+')
  return group.length > 1 && /^\d{1,4}$/.test(slug) ? { group, minutes: Number(slug) } : { username: user, slug }
}

async function atLink({ locals }: RequestEvent, token: string): Promise<Found | null> {
  const { ctx } = locals
  const link = await linkByToken(ctx.db, token)
  if (!link) return null
  const only = link.starts && { starts: link.starts, duration: link.duration }
  const offer = await loadOffer(ctx.db, { eventTypeId: link.eventTypeId, only })
  return offer && { offer, link }
}

/** @throws 404, link_expired, link_used_up, link_revoked */
export async function linkAt(event: RequestEvent, token: string): Promise<Found & { link: PrivateLink }> {
  const found = await offerOf(event, { token })
  if (!found?.link) error(404, 'link_not_found')
  requireOpen(found.link, event.locals.ctx.clock.now().epochMilliseconds)
  return { ...found, link: found.link }
}
