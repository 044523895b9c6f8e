import { type RequestEvent, redirect } from '@sveltejs/kit'
import { requireSession } from '#app/session.ts'
import { passStep } from '#features/accounts/getting-started/commands.ts'
import { stepAfter } from '#features/accounts/getting-started/rules.ts'
import type { Account, StartStep } from '#features/accounts/types.ts'

/** The account that is on its way. @throws a redirect when it has arrived: its settings are changed where settings are. */
export function requireUnderWay(locals: App.Locals): Account {
  const { account } = requireSession(locals)
  if (account.gettingStarted === null) redirect(303, '/home')
  return account
}

/** The way leaves a step out. */
export async function skip({ locals }: Pick<RequestEvent, 'locals'>, step: StartStep): Promise<never> {
  requireUnderWay(locals)
  await passStep(locals.ctx, step)
  redirect(303, stepAfter(step) === null ? '/home' : `/getting-started/${stepAfter(step)}`)
}
