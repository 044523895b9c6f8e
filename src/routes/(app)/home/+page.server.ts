import { redirect } from '@sveltejs/kit'
import { requireSession } from '#app/session.ts'
import type { PageServerLoad } from './$types'
import { homeOf } from './home.server.ts'

export const load: PageServerLoad = async ({ locals }) => {
  const { account } = requireSession(locals)
  if (account.gettingStarted !== null) redirect(303, '/getting-started')
  return { home: await homeOf(locals.ctx, account) }
}
