import type { Ctx, Services } from '../../ctx.ts'
import { AppError } from '../../errors.ts'
import type { Locale } from '../../i18n/locale.ts'
import type { Allowance, Limit } from '../../rate-limit.ts'
import type { UsedKey } from './route.ts'

/** Whose key it is. */
export interface KeyOwner extends UsedKey {
  userId: number
  role: 'owner' | 'admin' | 'member'
  locale: Locale
}

const BY_KEY: Limit = { name: 'api-key', attempts: 120, seconds: 60 }
/** Without a key, and against trying keys. */
const BY_CLIENT: Limit = { name: 'api-client', attempts: 120, seconds: 60 }

/** What a request brings, as the server in front has it. */
interface Arrival {
  headers: Pick<Headers, 'get'>
  requestId: string
  clientAddress: string
}

export interface Admission {
  ctx: Ctx
  /** Null: without one. */
  key: UsedKey | null
  /** Counts another request of theirs. @throws rate_limited */
  count: () => Promise<void>
}

/**
 * Finds out who asks by their key, and counts it. Whether they may is for what they ask for. Cookies count for nothing.
 * @param tell a header of the reply
 * @throws rate_limited, api_key_invalid for a key that was revoked, ran out or never was
 */
export async function admitted(
  services: Services,
  ownerOf: (key: string) => Promise<KeyOwner | null>,
  { headers, requestId, clientAddress }: Arrival,
  tell: (name: string, value: string) => void,
): Promise<Admission> {
  const authorization = headers.get('authorization')
  const token = authorization?.replace(/^Bearer\s+/i, '').trim()
  const owner = token ? await ownerOf(token) : null
  const [limit, counted] = owner ? [BY_KEY, owner.id] : [BY_CLIENT, clientAddress]
  tell('X-RateLimit-Limit', String(limit.attempts))
  const count = async () => tellAllowance(tell, await services.rateLimiter.consume(limit, counted))
  await count()
  if (authorization !== null && !owner) throw new AppError('api_key_invalid', 'unauthenticated')
  const ctx: Ctx = {
    ...services,
    actor: owner ? { kind: 'user', userId: owner.userId, role: owner.role, via: 'api_key' } : { kind: 'visitor' },
    ...{ requestId, clientAddress, userAgent: headers.get('user-agent') ?? '', locale: owner?.locale ?? 'en' },
  }
  return { ctx, key: owner && { id: owner.id, scopes: owner.scopes }, count }
}

export function tellAllowance(tell: (name: string, value: string) => void, { remaining, reset }: Allowance): void {
  tell('X-RateLimit-Remaining', String(remaining))
  tell('X-RateLimit-Reset', String(reset))
}
