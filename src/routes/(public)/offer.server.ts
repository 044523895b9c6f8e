import type { RequestEvent } from '@sveltejs/kit'
import { loadOffer } from '#features/availability/queries.ts'
import type { Offer } from '#features/availability/types.ts'

/** The offer at an address, read once per request; what is said in the request is from then on said in its language. Null when there is none. */
export function offerOf(
  { locals }: RequestEvent,
  { user, slug }: { user: string; slug: string },
): Promise<Offer | null> {
  locals.offer ??= read()
  return locals.offer

  async function read(): Promise<Offer | null> {
    const { ctx } = locals
    const offer = await loadOffer(ctx.db, { username: user.toLowerCase(), slug: slug.toLowerCase() })
    ctx.locale = offer?.eventType.language ?? ctx.locale
    return offer
  }
}
