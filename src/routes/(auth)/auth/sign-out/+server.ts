import { redirect } from '@sveltejs/kit'
import { leave } from '#app/session.ts'
import type { RequestHandler } from './$types'

/** A form's button, never a link: following one must not sign anybody out. */
export const POST: RequestHandler = async (event) => {
  await leave(event)
  redirect(303, '/')
}
