import { error, type RequestEvent, redirect } from '@sveltejs/kit'
import { findOffer, loadOffer, type OfferKey } from '#features/availability/queries.ts'
import type { Offer } from '#features/availability/types.ts'
import { requireOpen } from '#features/event-types/links/commands.ts'
import { linkByToken } from '#features/event-types/links/queries.ts'
import type { PrivateLink } from '#features/event-types/links/types.ts'

/** What an address offers; `link` when it is a private one. */
export interface Found {
  offer: Offer
  link: PrivateLink | null
  /** Username of today, where it was asked for under a former one. */
  movedTo?: string
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
  const { db, clock } = locals.ctx
  const found = await findOffer(db, keyAt(user.toLowerCase(), slug.toLowerCase()), clock.now())
  if (!found) return null
  const { offer, movedTo } = found
  return { offer, link: null, ...(movedTo !== undefined && { movedTo }) }
}

/** A page that is read at a former address is read at the present one. Forms that were open meanwhile are taken where they are. */
export function leadOn({ request, url }: RequestEvent, movedTo: string | undefined): void {
  if (movedTo === undefined || request.method === 'POST') return
  redirect(308, `/${movedTo}${url.pathname.slice(url.pathname.indexOf('/', 1))}${url.search}`)
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
