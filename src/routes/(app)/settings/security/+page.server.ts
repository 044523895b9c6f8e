import { refreshAccount, requireSession } from '#app/session.ts'
import { createApiKey, revokeApiKey, rotateApiKey } from '#features/accounts/api-keys/commands.ts'
import { listApiKeys } from '#features/accounts/api-keys/queries.ts'
import { changePassword } from '#features/accounts/commands.ts'
import { askForAddressChange, askForAddressProof } from '#features/accounts/mail-address/commands.ts'
import { ownSecondFactor } from '#features/accounts/second-factor/queries.ts'
import { revokeOtherSessions, revokeSession, updateSessionTimeOut } from '#features/accounts/sessions/commands.ts'
import { listSessions } from '#features/accounts/sessions/queries.ts'
import { formFields } from '#platform/fields.ts'
import { SCOPE_NOUNS } from '#platform/http/api/scopes.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { ctx } = locals
  const scope = userScope(ctx)
  const [factor, sessions, apiKeys] = await Promise.all([
    ownSecondFactor(scope, ctx.db),
    listSessions(scope, ctx, requireSession(locals).id),
    listApiKeys(scope, ctx.db),
  ])
  return {
    secondFactor: factor !== null,
    sessions,
    apiKeys,
    scopeNouns: SCOPE_NOUNS,
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
