import { redirect } from '@sveltejs/kit'
import { START } from '#app/gate.ts'
import { enter, leave, writeStepCookie } from '#app/session.ts'
import { linkBehind } from '#features/accounts/links/queries.ts'
import { signInByLink } from '#features/accounts/sign-in-links/commands.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

/** Opening the link changes nothing, since programs that look through mails open links too. */
export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const link = ctx.config.signInLinks ? await linkBehind(ctx, 'sign_in_link', params.token) : null
  return { email: link?.present ?? null }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async () => {
      const { ctx } = event.locals
      const { next, token } = await signInByLink(ctx, event.params.token)
      if (next === 'new_password') redirect(303, `/auth/reset/${token}`)
      if (next === 'second_step') {
        await leave(event)
        writeStepCookie(event.cookies, ctx.config, token)
        redirect(303, '/auth/second-step')
      }
      await enter(event, token)
      redirect(303, START)
    }),
}
