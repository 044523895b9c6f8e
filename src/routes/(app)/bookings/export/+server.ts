import { requireSession } from '#app/session.ts'
import { exportBookings } from '#features/bookings/exports/queries.ts'
import { filtersOf } from '#features/bookings/filters/schema.ts'
import { BOOKING_TABS } from '#features/bookings/queries.ts'
import { userScope } from '#platform/scope.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = ({ locals, url }) => {
  const { ctx } = locals
  const { timeZone } = requireSession(locals).account
  const tab = BOOKING_TABS.find((known) => known === url.searchParams.get('tab')) ?? 'all'
  const now = ctx.clock.now()
  const search = { tab, now, narrowed: { filters: filtersOf(url.searchParams), timeZone } }
  const pieces = exportBookings(ctx.db, userScope(ctx), search, url.searchParams.get('mark') === '1')
  const date = now.toZonedDateTimeISO(timeZone).toPlainDate()
  return new Response(streamOf(pieces), {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="bookings-${tab}-${date}.csv"`,
      'cache-control': 'private, no-store',
    },
  })
}

/** Read as fast as it is sent, and no longer than somebody listens. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
