import { z } from 'zod'
import { invalidInput } from '#platform/errors.ts'
import { idInBody } from '#platform/http/api/fields.ts'
import type { OfferKey } from './queries.ts'

/** What is to be booked, as programs name it: by its id, or by the two parts of its address. */
export const offerFields = {
  eventTypeId: idInBody.optional().describe('From list_event_types. Or else both `username` and `eventTypeSlug`.'),
  username: z.string().max(200).optional().describe('Of anybody with a booking page: the first part of its address.'),
  eventTypeSlug: z.string().max(200).optional().describe('The second part of that address.'),
}

/** @throws invalid_input when it is neither of the two, or both */
export function offerNamed({
  eventTypeId,
  username,
  eventTypeSlug: slug,
}: {
  eventTypeId?: number | undefined
  username?: string | undefined
  eventTypeSlug?: string | undefined
}): OfferKey {
  const byAddress = username !== undefined && slug !== undefined
  if (eventTypeId !== undefined && username === undefined && slug === undefined) return { eventTypeId }
  if (eventTypeId === undefined && byAddress) return { username: username.toLowerCase(), slug }
  const path =
    eventTypeId === undefined && (username !== undefined || slug !== undefined) ? missing(username) : 'eventTypeId'
  const code = eventTypeId === undefined ? 'field_required' : 'field_invalid'
  throw invalidInput([{ path, code, message: code }])
}

const missing = (username: string | undefined) => (username === undefined ? 'username' : 'eventTypeSlug')
