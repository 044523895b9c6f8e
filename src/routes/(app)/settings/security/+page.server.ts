import { refreshAccount, requireSession } from '#app/session.ts'
import { createApiKey, revokeApiKey, rotateApiKey } from '#features/accounts/api-keys/commands.ts'
import { listApiKeys } from '#features/accounts/api-keys/queries.ts'
import { changePassword } from '#features/accounts/commands.ts'
import { askForAddressChange, askForAddressProof } from '#features/accounts/mail-address/commands.ts'
import { ownSecondFactor } from '#features/accounts/second-factor/queries.ts'
import { revokeOtherSessions, revokeSession, updateSessionTimeOut } from '#features/accounts/sessions/commands.ts'
import { listSessions } from '#features/accounts/sessions/queries.ts'
import { addEmail, removeVerifiedEmail, verifyEmail } from '#features/accounts/verified-emails/commands.ts'
import { emailsToProve, listVerifiedEmails } from '#features/accounts/verified-emails/queries.ts'
import { usesOfEmails } from '#features/event-types/queries.ts'
import { formFields } from '#platform/fields.ts'
import { SCOPE_NOUNS } from '#platform/http/api/scopes.ts'
import { formAction } from '#platform/http/kit.ts'
import { CODE_MINUTES } from '#platform/mail/codes.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

const EMAILS_A_PAGE = 20

export const load: PageServerLoad = async ({ locals, url }) => {
  const { ctx } = locals
  const scope = userScope(ctx)
  const after = idOf(url.searchParams.get('after'))
  const [factor, sessions, apiKeys, { emails, next }, waiting, uses] = await Promise.all([
    ownSecondFactor(scope, ctx.db),
    listSessions(scope, ctx, requireSession(locals).id),
    listApiKeys(scope, ctx.db),
    listVerifiedEmails(ctx.db, scope, { take: EMAILS_A_PAGE, after }),
    emailsToProve(scope, ctx),
    usesOfEmails(ctx.db, scope),
  ])
  return {
    secondFactor: factor !== null,
    sessions,
    apiKeys,
    scopeNouns: SCOPE_NOUNS,
    further: { emails, uses, waiting, next, continued: after !== 0, minutes: CODE_MINUTES },
    now: ctx.clock.now().epochMilliseconds,
  }
}

export const actions: Actions = {
  password: (event) =>
    formAction(event, async (form) => {
      await changePassword(event.locals.ctx, formFields(form), requireSession(event.locals).id)
      return { saved: 'password' as const }
    }),
  address: (event) =>
    formAction(event, async (form) => {
      await askForAddressChange(event.locals.ctx, formFields(form))
      return { saved: 'address' as const }
    }),
  prove: (event) =>
    formAction(event, async () => {
      await askForAddressProof(event.locals.ctx)
      return { saved: 'proof' as const }
    }),
  addEmail: (event) =>
    formAction(event, async (form) => {
      const { email } = await addEmail(event.locals.ctx, { email: form.get('email') })
      return { saved: 'email_code' as const, email }
    }),
  verifyEmail: (event) =>
    formAction(event, async (form) => {
      const given = { email: form.get('email'), code: form.get('code') }
      const { email } = await verifyEmail(event.locals.ctx, given)
      return { saved: 'email_verified' as const, email }
    }),
  removeEmail: (event) =>
    formAction(event, async (form) => {
      const { email } = await removeVerifiedEmail(event.locals.ctx, { id: idOf(form.get('id')) })
      return { saved: 'email_removed' as const, email }
    }),
  signOutDevice: (event) =>
    formAction(event, async (form) => {
      await revokeSession(event.locals.ctx, String(form.get('id')))
      return { saved: 'devices' as const }
    }),
  signOutOthers: (event) =>
    formAction(event, async () => {
      await revokeOtherSessions(event.locals.ctx, requireSession(event.locals).id)
      return { saved: 'devices' as const }
    }),
  timeOut: (event) =>
    formAction(event, async (form) => {
      await updateSessionTimeOut(event.locals.ctx, formFields(form), requireSession(event.locals).id)
      await refreshAccount(event.locals)
      return { saved: 'timeOut' as const }
    }),
  createKey: (event) =>
    formAction(event, async (form) => ({ newKey: await createApiKey(event.locals.ctx, formFields(form)) })),
  rotateKey: (event) =>
    formAction(event, async (form) => ({ newKey: await rotateApiKey(event.locals.ctx, String(form.get('id'))) })),
  revokeKey: (event) =>
    formAction(event, async (form) => {
      await revokeApiKey(event.locals.ctx, String(form.get('id')))
      return { saved: 'keys' as const }
    }),
}
