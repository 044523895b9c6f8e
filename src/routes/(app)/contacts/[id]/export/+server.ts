import { recordExport } from '#features/accounts/audit/commands.ts'
import { exportContact } from '#features/bookings/contacts/queries.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../../form-json.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals: { ctx }, params }) => {
  const id = idOf(params.id)
  const known = await exportContact(ctx.db, userScope(ctx), id)
  await recordExport(ctx, 'contact')
  return new Response(`${JSON.stringify({ exportedAt: ctx.clock.now().toString(), ...known }, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json',
      'content-disposition': `attachment; filename="contact-${id}.json"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
