import type { Ctx } from '#platform/ctx.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { accountError } from '../../accounts/errors.ts'

/**
 * Whoever has the address of a feed reads it for ever, so a program with a key that is taken back one day makes none.
 * @throws sign_in_required, needs_session
 */
export function feedScope(ctx: Ctx): UserScope {
  const scope = userScope(ctx)
  if (ctx.actor.kind === 'user' && ctx.actor.via !== 'session') throw accountError('needs_session')
  return scope
}
