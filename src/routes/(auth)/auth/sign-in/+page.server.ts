import { redirect } from '@sveltejs/kit'
import { safeNext } from '#app/gate.ts'
import { enter } from '#app/session.ts'
import { signIn } from '#features/accounts/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals, url }) => {
  const next = url.searchParams.get('next')
  if (locals.session) redirect(303, safeNext(next))
  return { next, left: url.searchParams.has('left'), reset: url.searchParams.has('reset') }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      await enter(event, await signIn(event.locals.ctx, formFields(form)))
      redirect(303, safeNext(event.url.searchParams.get('next')))
    }),
}
