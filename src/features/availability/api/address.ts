import type { Ctx } from '#platform/ctx.ts'
import { type AppError, invalidInput } from '#platform/errors.ts'
import { availabilityError } from '../errors.ts'
import { findOffer, type OfferKey } from '../queries.ts'
import { hostIdsOf, type Offer } from '../types.ts'
import type { Address } from './schema.ts'

/** Of several hosts without an event type. */
const USUAL_GROUP_MINUTES = 30

/**
 * What an address leads to; everything that it names must fit. Usernames that were given up lately lead to their owners.
 * @throws event_type_not_found, invalid_input when it names too little
 */
export async function offerAsked({ db, clock }: Pick<Ctx, 'db' | 'clock'>, address: Address): Promise<Offer> {
  const key = keyOf(address)
  const found = key && (await findOffer(db, key, clock.now()))
  if (!found || !fits(found.offer, { ...address, ...presentName(found.key) }))
    throw availabilityError('event_type_not_found')
  return found.offer
}

function presentName(key: OfferKey): { username?: string } {
  return 'username' in key ? { username: key.username } : {}
}

/** Null for what cannot be there: there are no teams and no organizations. */
function keyOf(address: Address): OfferKey | null {
  const { eventTypeId, eventTypeSlug, username, usernames, teamSlug, organizationSlug, duration } = address
  if (teamSlug !== undefined || organizationSlug !== undefined) return null
  if (usernames !== undefined) {
    if (eventTypeId !== undefined || eventTypeSlug !== undefined) throw wrong('usernames', 'field_invalid')
    if (usernames.length < 2) throw wrong('usernames', 'field_too_few', { min: 2 })
    return { group: usernames.map(lowerCase), minutes: duration ?? USUAL_GROUP_MINUTES }
  }
  if (eventTypeId !== undefined) return { eventTypeId }
  if (eventTypeSlug === undefined)
    throw wrong(username === undefined ? 'eventTypeId' : 'eventTypeSlug', 'field_required')
  if (username === undefined) throw wrong('username', 'field_required')
  return { username: lowerCase(username), slug: lowerCase(eventTypeSlug) }
}

const lowerCase = (text: string) => text.toLowerCase()

function fits({ eventType, host, coHosts }: Offer, { eventTypeSlug, username }: Address): boolean {
  const names = [host, ...coHosts.map((one) => one.host)].map((one) => one.username)
  return (
    (eventTypeSlug === undefined || eventType.slug === lowerCase(eventTypeSlug)) &&
    (username === undefined || names.includes(lowerCase(username)))
  )
}

/** Whether an offer is the one that something was made from. */
export function isBehind(offer: Offer, key: OfferKey): boolean {
  if ('eventTypeId' in key) return key.eventTypeId === offer.eventType.id
  if (!('group' in key)) return key.username === offer.host.username && key.slug === offer.eventType.slug
  const names = [offer.host, ...offer.coHosts.map((one) => one.host)].map((one) => one.username)
  return hostIdsOf(offer).length === key.group.length && key.group.every((name) => names.includes(name))
}

export function wrong(path: string, code: string, values?: Record<string, number>): AppError {
  return invalidInput([{ path, code, message: code, ...(values ? { values } : {}) }])
}
