import { refreshAccount } from '#app/session.ts'
import {
  updateDigest,
  updateEmailGuard,
  updateEmptySearchMails,
  updateGeneral,
  updateKeyboard,
  updateVisibility,
} from '#features/accounts/settings/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals: { ctx } }) => ({
  now: ctx.clock.now().epochMilliseconds,
  canMail: ctx.mail.configured,
})

export const actions: Actions = {
  general: (event) =>
    formAction(event, async (form) => {
      await updateGeneral(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'general' as const }
    }),
  keyboard: (event) =>
    formAction(event, async (form) => {
      await updateKeyboard(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'keyboard' as const }
    }),
  digest: (event) =>
    formAction(event, async (form) => {
      await updateDigest(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'digest' as const }
    }),
  emptySearches: (event) =>
    formAction(event, async (form) => {
      await updateEmptySearchMails(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'emptySearches' as const }
    }),
  emailGuard: (event) =>
    formAction(event, async (form) => {
      await updateEmailGuard(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'emailGuard' as const }
    }),
  visibility: (event) =>
    formAction(event, async (form) => {
      await updateVisibility(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'visibility' as const }
    }),
}
