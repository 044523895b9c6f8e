import { touchApiKey } from '#features/accounts/api-keys/commands.ts'
import { accountByApiKey } from '#features/accounts/api-keys/queries.ts'
import type { Services } from '#platform/ctx.ts'
import type { KeyOwner } from '#platform/http/api/admission.ts'

/** Null for a key that was revoked, ran out or never was. */
export async function ownerOf(services: Services, key: string): Promise<KeyOwner | null> {
  const found = await accountByApiKey(services, key)
  if (!found) return null
  if (found.stale) await touchApiKey(services, found.keyId)
  const { id, role, locale } = found.account
  return { id: found.keyId, scopes: found.scopes, userId: id, role, locale }
}
