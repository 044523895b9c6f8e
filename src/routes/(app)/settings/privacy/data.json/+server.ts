import { requireSession } from '#app/session.ts'
import { recordExport } from '#features/accounts/audit/commands.ts'
import { exportEverything } from '#features/privacy/export/queries.ts'
import { userScope } from '#platform/scope.ts'
import { download } from '../../../csv-download.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals }) => {
  const { ctx } = locals
  const { username } = requireSession(locals).account
  await recordExport(ctx, 'everything')
  const pieces = exportEverything(ctx.db, userScope(ctx), { now: ctx.clock.now(), url: ctx.config.url })
  return download(`sundial-${username}.json`, 'application/json', pieces)
}
