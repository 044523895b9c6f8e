import { requireSession } from '#app/session.ts'
import type { RequestHandler } from './$types'
import { findOwn } from './found.server.ts'

/** For the palette: `?q=`. Names and addresses of people, so nobody keeps the answer. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { account } = requireSession(locals)
  const found = await findOwn(locals.ctx, account, url.searchParams.get('q') ?? '')
  return Response.json(found, { headers: { 'cache-control': 'private, no-store' } })
}
