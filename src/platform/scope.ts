import type { Ctx } from './ctx.ts'
import { AppError } from './errors.ts'

declare const brand: unique symbol

/** Whose rows a query may see. Only this module makes one, so an unscoped read of private rows does not compile. */
export interface UserScope {
  readonly userId: number
  readonly [brand]: 'user'
}

/** What belongs to the whole installation, for those who run it. */
export interface InstanceScope {
  readonly [brand]: 'instance'
}

/** @throws sign_in_required, operators_only for ordinary members */
export function instanceScope({ actor }: Pick<Ctx, 'actor'>): InstanceScope {
  if (actor.kind === 'visitor') throw new AppError('sign_in_required', 'unauthenticated')
  if (actor.kind === 'user' && actor.role === 'member') throw new AppError('operators_only', 'forbidden')
  return {} as InstanceScope
}

/** @throws unauthenticated when nobody is signed in. */
export function userScope(ctx: Ctx): UserScope {
  if (ctx.actor.kind !== 'user') throw new AppError('sign_in_required', 'unauthenticated')
  return { userId: ctx.actor.userId } as UserScope
}
