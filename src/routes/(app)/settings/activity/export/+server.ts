import { requireSession } from '#app/session.ts'
import { recordExport } from '#features/accounts/audit/commands.ts'
import { exportActivity } from '#features/accounts/audit/queries.ts'
import { csvDownload } from '../../../csv-download.ts'
import { logOf } from '../log.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals, url }) => {
  const { timeZone } = requireSession(locals).account
  const { read } = logOf(locals, url.searchParams)
  await recordExport(locals.ctx, 'activity')
  const date = locals.ctx.clock.now().toZonedDateTimeISO(timeZone).toPlainDate()
  return csvDownload(`activity-${date}.csv`, exportActivity(read))
}
