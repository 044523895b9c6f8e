import type { RequestEvent } from '@sveltejs/kit'
import { countEmptySearch } from '#features/availability/empty-searches/commands.ts'
import { hasNothingNear } from '#features/availability/empty-searches/rules.ts'
import { hostIdsOf, type Offer } from '#features/availability/types.ts'
import { NO_EVENT_TYPE } from '#features/event-types/types.ts'

/** What looks at pages for somebody else says so in its name. */
const MACHINE = /bot\b|crawl|spider|slurp|preview|facebookexternalhit|monitor/i

/**
 * Counts a visitor who looks for any time and finds none near, which its host hears of (features/availability/empty-searches). Nobody
 * looks where several offer something together, or where a link is to chosen times.
 * @param first epoch ms of the first start there is; null: none
 */
export async function noteSearch({ locals, request }: RequestEvent, offer: Offer, first: number | null): Promise<void> {
  const { ctx } = locals
  if (offer.eventType.id === NO_EVENT_TYPE || offer.only !== null) return
  if (ctx.actor.kind === 'user' && hostIdsOf(offer).includes(ctx.actor.userId)) return
  if (MACHINE.test(request.headers.get('user-agent') ?? '') || request.headers.has('sec-purpose')) return
  if (!hasNothingNear(offer, first, ctx.clock.now().epochMilliseconds)) return
  try {
    await countEmptySearch(ctx, offer.eventType.id)
  } catch (error) {
    // Visitors get their page all the same.
    ctx.log.warn({ err: error }, 'could not count a search without a time')
  }
}
