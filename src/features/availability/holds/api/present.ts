import { isoInstant } from '#platform/http/api/fields.ts'
import type { Hold } from '../../types.ts'
import type { WireReservation } from './schema.ts'

const MINUTE = 60_000

/** A hold of an event type. */
export type Reserved = Hold & { eventTypeId: number }

export function presentedReservation(hold: Reserved): WireReservation {
  const { token, eventTypeId, start, end, minutes, expiresAt } = hold
  return {
    ...{ reservationUid: token, eventTypeId, slotStart: isoInstant(start), slotEnd: isoInstant(end) },
    slotDuration: (end - start) / MINUTE,
    ...{ reservationDuration: minutes, reservationUntil: isoInstant(expiresAt) },
  }
}
