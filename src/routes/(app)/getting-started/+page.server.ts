import { redirect } from '@sveltejs/kit'
import { requireSession } from '#app/session.ts'
import type { PageServerLoad } from './$types'

/** Where it was left. */
export const load: PageServerLoad = ({ locals }) => {
  const { gettingStarted } = requireSession(locals).account
  redirect(303, gettingStarted === null ? '/home' : `/getting-started/${gettingStarted}`)
}
