import { accountLinkSweep } from '#features/accounts/links/jobs.ts'
import { originSweep } from '#features/accounts/sessions/jobs.ts'
import { emailProofSweep } from '#features/accounts/verified-emails/jobs.ts'
import { bookerLinkSweep } from '#features/bookings/booker-links/jobs.ts'
import { decoySweep } from '#features/bookings/decoys/jobs.ts'
import { erasureWork, retentionTimer } from '#features/bookings/erasure/jobs.ts'
import { mailCodeSweep } from '#features/bookings/verification/jobs.ts'
import { accountLinkCarrier } from '#features/notifications/account-links/jobs.ts'
import { bookerLinkCarrier } from '#features/notifications/booker-links/jobs.ts'
import { mailCodeCarrier } from '#features/notifications/codes/jobs.ts'
import { digestCarrier, digestTimer } from '#features/notifications/digests/jobs.ts'
import { emptySearchCarrier, emptySearchTimer } from '#features/notifications/empty-searches/jobs.ts'
import { bookingMailCarrier } from '#features/notifications/jobs.ts'
import { moveLinksCarrier } from '#features/notifications/move-links/jobs.ts'
import { sendNotice } from '#features/notifications/notices/jobs.ts'
import { ratingRequestCarrier, ratingRequestTimer } from '#features/notifications/rating-requests/jobs.ts'
import { notificationReactions } from '#features/notifications/reactions.ts'
import { safetyCarrier } from '#features/notifications/safety/jobs.ts'
import { safetyReactions } from '#features/notifications/safety/reactions.ts'
import { emailProofCarrier } from '#features/notifications/verified-emails/jobs.ts'
import { accountDeletionWork } from '#features/privacy/account-deletion/jobs.ts'
import { privacyUpkeep } from '#features/privacy/upkeep/jobs.ts'
import { holidayUpkeep } from '#features/schedules/holidays/jobs.ts'
import { webhookCarrier, webhookNoticeCarrier } from '#features/webhooks/jobs.ts'
import { webhookLogSweep } from '#features/webhooks/log/jobs.ts'
import { meetingTimes } from '#features/webhooks/meetings/jobs.ts'
import { webhookReactions } from '#features/webhooks/reactions.ts'
import { type Carrier, deliveryJob, deliverySweep } from '#platform/deliveries.ts'
import type { Reaction } from '#platform/events.ts'
import { inboundJobs, inboundSweep } from '#platform/http/inbound.ts'
import { idempotencySweep } from '#platform/idempotency.ts'
import type { Job } from '#platform/jobs.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { attemptsSweep } from '#platform/rate-limit.ts'
import { inboundProviders } from './inbound.ts'

/** Every reaction to an event, by name: nothing reacts that is not in this list. */
export const reactions: readonly Reaction[] = [...notificationReactions, ...safetyReactions, ...webhookReactions]

/** Who delivers what. */
const carriers: readonly Carrier[] = [
  bookingMailCarrier,
  mailCodeCarrier,
  emailProofCarrier,
  bookerLinkCarrier,
  accountLinkCarrier,
  safetyCarrier,
  digestCarrier,
  emptySearchCarrier,
  ratingRequestCarrier,
  moveLinksCarrier,
  webhookCarrier(),
  webhookNoticeCarrier(sendNotice),
]

/** Jobs that are not reactions. */
export const jobs: readonly Job[] = [
  deliveryJob('mail', carriers),
  deliveryJob('webhook', carriers),
  ...inboundJobs(inboundProviders),
]

/** What every worker looks after from time to time. */
export const periodic: readonly PeriodicWork[] = [
  deliverySweep('mail', carriers),
  deliverySweep('webhook', carriers),
  idempotencySweep,
  attemptsSweep,
  mailCodeSweep,
  decoySweep,
  emailProofSweep,
  originSweep,
  accountLinkSweep,
  bookerLinkSweep,
  ratingRequestTimer,
  digestTimer,
  emptySearchTimer,
  erasureWork,
  retentionTimer,
  accountDeletionWork,
  privacyUpkeep,
  holidayUpkeep,
  meetingTimes,
  webhookLogSweep,
  inboundSweep,
]
