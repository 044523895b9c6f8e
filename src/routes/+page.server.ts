import { redirect } from '@sveltejs/kit'
import { START } from '#app/gate.ts'
import { hasAccounts } from '#features/accounts/queries.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx, session } }) => {
  if (session) redirect(303, START)
  const { locale, config, db } = ctx
  return {
    ...{ locale, texts: messagesOf(locale, ['ui', 'errors', 'account']) },
    signUp: config.signUp,
    setUp: await hasAccounts(db),
  }
}
