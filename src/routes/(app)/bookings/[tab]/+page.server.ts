import { Temporal } from 'temporal-polyfill'
import { BOOKING_TABS, type BookingCursor, countUnconfirmed, listBookings } from '#features/bookings/queries.ts'
import { daysOf } from '#features/bookings/ui/dashboard/views.ts'
import { AppError } from '#platform/errors.ts'
import { userScope } from '#platform/scope.ts'
import { readingOf } from '../reading.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const tab = BOOKING_TABS.find((known) => known === params.tab)
  if (!tab) throw new AppError('page_not_found', 'not_found')
  const scope = userScope(ctx)
  const now = ctx.clock.now()
  const after = cursorOf(url.searchParams.get('after'))
  const [page, unconfirmed] = await Promise.all([
    listBookings(ctx.db, scope, { tab, now, after }),
    countUnconfirmed(ctx.db, scope, now),
  ])
  return {
    ...{ tab, tabs: BOOKING_TABS, unconfirmed },
    days: daysOf(page.bookings, readingOf(ctx)),
    next: page.next && `?after=${page.next.start}_${page.next.id}`,
    continued: after !== undefined,
  }
}

/** A cursor that was not made here is none: the list begins at its beginning. */
function cursorOf(text: string | null): BookingCursor | undefined {
  const [, start = '', id = ''] = /^([\dTZ:.+-]{20,40})_(\d{1,15})$/.exec(text ?? '') ?? []
  if (!id) return undefined
  try {
    return { start: Temporal.Instant.from(start).toString(), id: Number(id) }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
