import { deriveKey, unseal } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { qrCode } from '#platform/qr.ts'
import type { UserScope } from '#platform/scope.ts'
import { totpUri } from '#platform/totp.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import type { SecondFactor, SecondFactorSetUp } from './types.ts'

export async function ownSecondFactor({ userId }: UserScope, db: Db): Promise<SecondFactor | null> {
  const row = await db
    .selectFrom('second_factors as f')
    .where('f.user_id', '=', userId)
    .select((eb) => [
      'f.created_at',
      eb
        .selectFrom('backup_codes as c')
        .whereRef('c.user_id', '=', 'f.user_id')
        .select((of) => of.fn.countAll<number>().as('n'))
        .as('codes'),
    ])
    .executeTakeFirst()
  return row ? { since: row.created_at.epochMilliseconds, backupCodes: Number(row.codes) } : null
}

export function factorKey({ config }: Pick<Ctx, 'config'>): Buffer {
  return deriveKey(config.secret, 'second-factors')
}

/** What sealed text belongs to. */
export const setUpOf = (userId: number) => `second-factor-set-up:${userId}`

/** The secret of a set-up under way; null when it was never this account's, or took too long. */
export function openSetUp(ctx: Ctx, sealed: string): string | null {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const opened = unsealed(ctx, sealed, setUpOf(userId))
  const [until, secret] = opened?.split(' ') ?? []
  return secret && Number(until) > ctx.clock.now().epochMilliseconds ? secret : null
}

function unsealed(ctx: Ctx, sealed: string, about: string): string | null {
  try {
    return unseal(factorKey(ctx), sealed, about)
  } catch {
    // Whatever else was sent in its place.
    return null
  }
}

/** What the page shows of a set-up under way, once more after a code that was wrong. */
export function shownSetUp(ctx: Ctx, sealed: string, account: string): SecondFactorSetUp | null {
  const secret = openSetUp(ctx, sealed)
  if (secret === null) return null
  return { secret, sealed, qr: qrCode(totpUri({ secret, account, issuer: ctx.config.url.host })) }
}
