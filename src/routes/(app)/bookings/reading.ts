import { offerKeyBehind } from '#features/bookings/queries.ts'
import { openActs, presentOf } from '#features/bookings/rules.ts'
import type { Reading } from '#features/bookings/ui/dashboard/views.ts'
import type { Ctx } from '#platform/ctx.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'

/** How a host sees bookings now: language, clock, and what can be done with each. */
export function readingOf(ctx: Ctx): Reading {
  const { locale, clock, config } = ctx
  const now = clock.now().epochMilliseconds
  return {
    locale,
    now,
    viewerId: userScope(ctx).userId,
    origin: config.url.origin,
    nobody: translatorFor(locale)('bookings.nobody'),
    actsOn: (booking) => {
      const { seats } = booking
      return openActs({ ...presentOf(booking), offered: offerKeyBehind(booking) !== null, shared: seats !== null }, now)
    },
  }
}
