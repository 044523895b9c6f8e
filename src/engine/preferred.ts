import { findSlots, type Offer } from './slots.ts'
import type { Facts } from './types.ts'

const DAYS_TRIED = 14

/**
 * Which hosts to show when some are preferred (a contact's owner, those whose turn it is): the preferred ones if they
 * have a slot within the next 14 days, else everyone. Decided from now, so that it is the same whatever span is shown;
 * `facts` must cover `factsSpan` of those days.
 */
export function preferredOffer(preferred: Offer, everyone: Offer, facts: Facts): Offer {
  const span = { start: facts.now, end: facts.now + DAYS_TRIED * 86_400_000 }
  return findSlots(preferred, facts, span).length > 0 ? preferred : everyone
}
