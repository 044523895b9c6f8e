import { redirect } from '@sveltejs/kit'
import { hasAccounts } from '#features/accounts/queries.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx, session } }) => {
  if (session) redirect(303, '/event-types')
  const { locale, config, db } = ctx
  return {
    ...{ locale, texts: messagesOf(locale, ['ui', 'errors', 'account']) },
    signUp: config.signUp,
    setUp: await hasAccounts(db),
  }
}
