import { redirect } from '@sveltejs/kit'
import { safeNext } from '#app/gate.ts'
import { enter, readStepCookie, removeStepCookie } from '#app/session.ts'
import { accountError } from '#features/accounts/errors.ts'
import { linkBehind } from '#features/accounts/links/queries.ts'
import { finishSignIn } from '#features/accounts/second-factor/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

/** Whoever has not taken the first step, or too long ago, begins with it. */
export const load: PageServerLoad = async ({ locals, cookies, url }) => {
  const { ctx } = locals
  const onward = safeNext(url.searchParams.get('next'))
  if (locals.session) redirect(303, onward)
  const token = readStepCookie(cookies, ctx.config)
  const first = token === undefined ? null : await linkBehind(ctx, 'second_step', token)
  const anew = `/auth/sign-in?next=${encodeURIComponent(onward)}`
  if (!first) redirect(303, anew)
  return { anew }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const first = readStepCookie(event.cookies, ctx.config)
      if (first === undefined) throw accountError('sign_in_anew')
      const token = await finishSignIn(ctx, first, formFields(form))
      removeStepCookie(event.cookies, ctx.config)
      await enter(event, token)
      redirect(303, safeNext(event.url.searchParams.get('next')))
    }),
}
