import { redirect } from '@sveltejs/kit'
import { safeNext } from '#app/gate.ts'
import { enter, writeStepCookie } from '#app/session.ts'
import { signIn } from '#features/accounts/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals, url }) => {
  const next = url.searchParams.get('next')
  if (locals.session) redirect(303, safeNext(next))
  const { config, mail } = locals.ctx
  const byLink = config.signInLinks && mail.configured
  return { next, left: url.searchParams.has('left'), reset: url.searchParams.has('reset'), byLink }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const onward = safeNext(event.url.searchParams.get('next'))
      const { token, next } = await signIn(ctx, formFields(form))
      if (next === 'second_step') {
        writeStepCookie(event.cookies, ctx.config, token)
        redirect(303, `/auth/second-step?next=${encodeURIComponent(onward)}`)
      }
      await enter(event, token)
      redirect(303, onward)
    }),
}
