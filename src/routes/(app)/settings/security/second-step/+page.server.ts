import { fail } from '@sveltejs/kit'
import { requireSession } from '#app/session.ts'
import {
  beginSecondFactor,
  disableSecondFactor,
  enableSecondFactor,
  renewBackupCodes,
} from '#features/accounts/second-factor/commands.ts'
import { ownSecondFactor, shownSetUp } from '#features/accounts/second-factor/queries.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({
  factor: await ownSecondFactor(userScope(ctx), ctx.db),
})

export const actions: Actions = {
  begin: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const sealed = await beginSecondFactor(ctx, formFields(form))
      return { setUp: shownSetUp(ctx, sealed, requireSession(event.locals).account.email) }
    }),
  enable: async (event) => {
    const { ctx } = event.locals
    const { id, account } = requireSession(event.locals)
    const outcome = await formAction(event, async (form) => ({
      codes: await enableSecondFactor(ctx, formFields(form), id),
    }))
    if ('codes' in outcome) return outcome
    const problem = outcome.data
    // A code that was wrong is tried again with what was scanned already.
    const setUp = shownSetUp(ctx, String(problem.values.sealed ?? ''), account.email)
    return fail(outcome.status, { ...problem, setUp })
  },
  renew: (event) =>
    formAction(event, async (form) => ({ codes: await renewBackupCodes(event.locals.ctx, formFields(form)) })),
  disable: (event) =>
    formAction(event, async (form) => {
      await disableSecondFactor(event.locals.ctx, formFields(form))
      return { saved: 'disabled' as const }
    }),
}
