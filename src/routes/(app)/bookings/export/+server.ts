import { requireSession } from '#app/session.ts'
import { recordExport } from '#features/accounts/audit/commands.ts'
import { askedList } from '#features/bookings/arrangement/schema.ts'
import { exportBookings } from '#features/bookings/exports/queries.ts'
import { BOOKING_TABS } from '#features/bookings/types.ts'
import { userScope } from '#platform/scope.ts'
import { csvDownload } from '../../csv-download.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals, url }) => {
  const { ctx } = locals
  const { timeZone } = requireSession(locals).account
  const tab = BOOKING_TABS.find((known) => known === url.searchParams.get('tab')) ?? 'all'
  const now = ctx.clock.now()
  const { filters, arrangement } = askedList(url.searchParams, tab)
  const search = { tab, now, narrowed: { filters, timeZone }, sort: arrangement.sort }
  const pieces = exportBookings(ctx.db, userScope(ctx), search, url.searchParams.get('mark') === '1')
  const date = now.toZonedDateTimeISO(timeZone).toPlainDate()
  await recordExport(ctx, 'bookings')
  return csvDownload(`bookings-${tab}-${date}.csv`, pieces)
}
