import { openActs, presentOf } from '#features/bookings/rules.ts'
import type { Reading } from '#features/bookings/ui/dashboard/views.ts'
import type { Ctx } from '#platform/ctx.ts'
import { translatorFor } from '#platform/i18n/messages.ts'

/** How a host sees bookings now: language, clock, and what can be done with each. */
export function readingOf({ locale, clock, config }: Ctx): Reading {
  const now = clock.now().epochMilliseconds
  return {
    locale,
    now,
    origin: config.url.origin,
    nobody: translatorFor(locale)('bookings.nobody'),
    actsOn: (booking) => {
      const { eventType, seats } = booking
      return openActs({ ...presentOf(booking), offered: eventType !== null, shared: seats !== null }, now)
    },
  }
}
