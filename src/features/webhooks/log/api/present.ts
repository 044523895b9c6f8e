import { isoInstant } from '#platform/http/api/fields.ts'
import type { LoggedDelivery, PingResult } from '../../types.ts'
import type { WireDelivery, WirePing } from './schema.ts'

export function presentedDelivery(logged: LoggedDelivery): WireDelivery {
  const { id, trigger, subject, state, reason, attempts, createdAt, nextAt, tries } = logged
  return {
    ...{ id, triggerEvent: trigger, subject, state, reason, attempts },
    createdAt: isoInstant(createdAt),
    nextAt: nextAt === null ? null : isoInstant(nextAt),
    tries: tries.map(({ at, ...one }) => ({ ...one, at: isoInstant(at) })),
  }
}

export function presentedPing(result: PingResult): WirePing {
  const { ok, milliseconds } = result
  if ('failure' in result) return { ok, status: null, body: null, failure: result.failure, milliseconds }
  return { ok, status: result.status, body: result.body, failure: null, milliseconds }
}
