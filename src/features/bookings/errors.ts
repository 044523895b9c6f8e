import { errorTable } from '#platform/errors.ts'

export const bookingError = errorTable({
  /** The start is not offered (any more); `details.alternatives` are the nearest that are, epoch ms. */
  slot_taken: 'conflict',
  slot_not_offered: 'conflict',
  event_type_not_found: 'not_found',
  booking_not_found: 'not_found',
  duration_not_offered: 'invalid',
  location_not_offered: 'invalid',
  /** It looks as if a program filled the form; sending it once more is enough. */
  bot_suspected: 'invalid',
  /** The event type is for people with an account. */
  sign_in_to_book: 'unauthenticated',
  /** The booker is to say where to meet. */
  place_required: 'invalid',
  phone_required: 'invalid',
  already_cancelled: 'conflict',
  already_rejected: 'conflict',
  already_confirmed: 'conflict',
  /** The link of a mail that is none of this installation, or of a host who has another address since. */
  answer_link_unknown: 'not_found',
  /** Too old, or what it asks about has begun. */
  answer_link_expired: 'gone',
  /** Someone moved it since the page was opened. */
  already_moved: 'conflict',
  already_over: 'conflict',
  same_time: 'conflict',
  reason_required: 'invalid',
  own_bookings_only: 'forbidden',
  attendee_not_found: 'not_found',
  /** Nobody else hosts what it was made from. */
  nobody_to_reassign_to: 'invalid',
  cancelling_not_offered: 'forbidden',
  rescheduling_not_offered: 'forbidden',
  /** `details.noticeMinutes` */
  too_late_to_reschedule: 'conflict',
  guests_not_offered: 'invalid',
  /** Its owner takes part only in what they book themselves: `details.email`. */
  guest_guarded: 'forbidden',
  not_recurring: 'invalid',
  /** A start that the series cannot have. */
  not_an_occurrence: 'invalid',
  /** Nothing was booked, since these are not free: `details.n` is the first of them, `details.starts` are all, epoch ms. */
  occurrence_taken: 'conflict',
  /** More people than one booking may bring: `details.max`. */
  party_too_large: 'invalid',
  /** Only fewer can come: `details.now`. More seats are booked anew. */
  party_not_smaller: 'invalid',
  /** More people are named than come beside the booker: `details.max`. */
  companions_too_many: 'invalid',
  /** More people stay away than seats are given back: `details.n`. */
  away_too_many: 'invalid',
  /** Some seats are free, but fewer than asked for: `details.free`. */
  not_enough_seats: 'conflict',
  /** Nobody can be asked for another time where several share it. */
  not_with_seats: 'conflict',
  /** An answer to a question that is not asked (any more). */
  questions_changed: 'invalid',
  /** The event type lets only some mail addresses book, or not this one. */
  email_not_admitted: 'forbidden',
  /** The address must be proven by the code that is mailed to it: `details.email`. */
  mail_code_required: 'invalid',
  /** Wrong, expired, used or tried too often. */
  mail_code_wrong: 'invalid',
  /** This installation cannot send mails. */
  mail_codes_unavailable: 'upstream',
  booker_links_unavailable: 'upstream',
  /** This mail address has as many bookings ahead as the event type allows: `details.max`. With `details.offerMove` links to move them can be mailed. */
  booker_limit_reached: 'conflict',
  /** Nothing was booked, as was wished; it would have been. */
  dry_run_passed: 'conflict',
  /** No booking, but a mail with links to move what there is, if there is any: `details.email`. */
  move_links_sent: 'conflict',
  view_not_found: 'not_found',
  too_many_views: 'conflict',
  nothing_to_restore: 'gone',
  note_not_found: 'not_found',
  preset_not_found: 'not_found',
  too_many_presets: 'conflict',
  /** No-shows and ratings tell of what has been. */
  not_yet_begun: 'conflict',
  not_yet_over: 'conflict',
  already_rated: 'conflict',
  /** Outside of what is offered: `details.why` is the code. The host may book it anyway, and says why. */
  outside_offer: 'conflict',
  /** Only what stands can be changed. */
  not_accepted: 'conflict',
  too_many_guests: 'invalid',
  guest_already_invited: 'conflict',
  already_reported: 'conflict',
  block_not_found: 'not_found',
  /** Somebody cannot shut out themselves. */
  cannot_block_yourself: 'invalid',
  not_a_mail_or_domain: 'invalid',
  /** This booking is refused, without saying why. */
  booking_refused: 'forbidden',
  contact_not_found: 'not_found',
  /** It is one contact already. */
  already_merged: 'conflict',
  not_merged: 'conflict',
  /** Tags, notes or addresses of both are more than one contact can have. */
  contact_too_large: 'conflict',
})
