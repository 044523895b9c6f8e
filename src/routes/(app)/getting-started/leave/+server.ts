import { redirect } from '@sveltejs/kit'
import { passStep } from '#features/accounts/getting-started/commands.ts'
import type { RequestHandler } from './$types'

/** Everything is left out; the account is the same without. */
export const POST: RequestHandler = async ({ locals }) => {
  await passStep(locals.ctx, null)
  redirect(303, '/home')
}
