import type { Ctx } from './ctx.ts'
import { AppError } from './errors.ts'

declare const brand: unique symbol

/** Whose rows a query may see. Only this module makes one, so an unscoped read of private rows does not compile. */
export interface UserScope {
  readonly userId: number
  readonly [brand]: 'user'
}

/** @throws unauthenticated when nobody is signed in. */
export function userScope(ctx: Ctx): UserScope {
  if (ctx.actor.kind !== 'user') throw new AppError('sign_in_required', 'unauthenticated')
  return { userId: ctx.actor.userId } as UserScope
}
