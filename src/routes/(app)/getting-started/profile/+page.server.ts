import { redirect } from '@sveltejs/kit'
import { startWithProfile } from '#app/getting-started.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import { requireUnderWay, skip } from '../step.server.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals }) => {
  requireUnderWay(locals)
  return { now: locals.ctx.clock.now().epochMilliseconds }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, async (form) => {
      await startWithProfile(event.locals.ctx, requireUnderWay(event.locals), formFields(form))
      redirect(303, '/getting-started/hours')
    }),
  skip: (event) => skip(event, 'profile'),
}
