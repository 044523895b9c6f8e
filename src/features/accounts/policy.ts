import type { Actor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { accountError } from './errors.ts'

/**
 * Who may touch what an account is protected by: the person in a session, not a key they gave to a program.
 * @throws sign_in_required, needs_session
 */
export function authorizeOwnSecurity(actor: Actor): { userId: number } {
  if (actor.kind !== 'user') throw new AppError('sign_in_required', 'unauthenticated')
  if (actor.via !== 'session') throw accountError('needs_session')
  return { userId: actor.userId }
}
