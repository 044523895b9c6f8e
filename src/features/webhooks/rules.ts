import type { Trigger } from './types.ts'

/**
 * What every event of the product means to webhooks. An event that is in neither list fails a test, so that nobody adds one without
 * saying.
 */
export const TOLD: Readonly<Record<string, readonly Trigger[]>> = {
  'booking.requested': ['BOOKING_REQUESTED'],
  'booking.created': ['BOOKING_CREATED'],
  // Receivers that were written for Cal.com wait for BOOKING_CREATED when a request is accepted.
  'booking.confirmed': ['BOOKING_CREATED', 'BOOKING_CONFIRMED'],
  'booking.rejected': ['BOOKING_REJECTED'],
  'booking.rescheduled': ['BOOKING_RESCHEDULED'],
  'booking.move_requested': ['BOOKING_REQUESTED'],
  'booking.cancelled': ['BOOKING_CANCELLED'],
  'booking.another_time_requested': ['BOOKING_CANCELLED'],
  'booking.seat_taken': ['BOOKING_CREATED'],
  'booking.seat_cancelled': ['BOOKING_CANCELLED'],
  'booking.seat_moved': ['BOOKING_RESCHEDULED'],
  'booking.no_show_marked': ['BOOKING_NO_SHOW_UPDATED'],
  /** Of each booking in it; of those that wait for the host BOOKING_REQUESTED instead. */
  'series.created': ['BOOKING_CREATED'],
  'absence.created': ['OOO_CREATED'],
}

/** Events that no webhook is told of. */
export const NOT_TOLD: readonly string[] = [
  'absence.deleted',
  'absence.restored',
  'absence.updated',
  'account.address_change_asked',
  'account.address_changed',
  'account.address_proven',
  'account.address_returned',
  'account.appearance_changed',
  'account.backup_code_used',
  'account.backup_codes_renewed',
  'account.second_factor_disabled',
  'account.second_factor_enabled',
  'account.created',
  'account.deleted',
  'account.deletion_requested',
  'account.email_guard_changed',
  'account.email_verified',
  'account.email_removed',
  'account.digest_changed',
  'account.empty_search_mails_changed',
  'account.general_changed',
  'account.keyboard_changed',
  'account.layouts_changed',
  'account.metadata_changed',
  'account.password_changed',
  'account.password_reset',
  'account.profile_changed',
  'account.session_time_out_changed',
  'account.start_step_passed',
  'account.visibility_changed',
  'api_key.created',
  'api_key.revoked',
  'api_key.rotated',
  'avatar.removed',
  'avatar.replaced',
  'booker_block.changed',
  'booking.guests_added',
  'booking.location_changed',
  'booking.note_changed',
  'booking.party_reduced',
  'booking.rated',
  'booking.reported',
  'booking.seat_left',
  'booking_view.changed',
  'calendar_feed.changed',
  'contact.merged',
  'contact.updated',
  'erasure.done',
  'erasure.requested',
  'event_type.created',
  'event_type.deleted',
  'event_type.restored',
  'event_type.updated',
  'export.downloaded',
  'history.forgotten',
  'holidays.changed',
  'host_limits.changed',
  'instance.set_up',
  'mail.replayed',
  'note_preset.changed',
  'private_link.created',
  'private_link.revoked',
  'private_link.updated',
  'retention.changed',
  'schedule.created',
  'schedule.deleted',
  'schedule.made_default',
  'schedule.restored',
  'schedule.updated',
  'session.ended',
  'session.others_revoked',
  'session.refused',
  'account.sign_in_link_used',
  'session.revoked',
  'session.started',
  'trip.created',
  'trip.deleted',
  'trip.restored',
  'trip.updated',
  'webhook.changed',
]

/** Told when the clock says so, by nobody's doing. */
export const TIMED = ['MEETING_STARTED', 'MEETING_ENDED'] as const satisfies readonly Trigger[]

/** It is switched off when everything failed for so long, and so often. */
const FAILING_HOURS = 72
const FAILING_TRIES = 10

/** @param since epoch milliseconds of the first failure since the last success */
export function isHopeless({ since, failures }: { since: number; failures: number }, now: number): boolean {
  return failures >= FAILING_TRIES && now - since >= FAILING_HOURS * 3_600_000
}

const LONGEST_WAIT_MS = 3 * 3_600_000

/** Milliseconds that a receiver asked for with Retry-After (RFC 9110 §10.2.3), within bounds; undefined when it said nothing of use. */
export function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : undefined
}
