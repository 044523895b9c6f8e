import type { Ctx } from '#platform/ctx.ts'
import type { UserScope } from '#platform/scope.ts'
import { linkBehind } from '../links/queries.ts'

/** What a mailed link would do to the account of whoever looks at it. Null when it leads nowhere, or belongs to another account. */
export async function addressLink(
  { userId }: UserScope,
  ctx: Pick<Ctx, 'db' | 'clock'>,
  token: string,
): Promise<{ kind: 'address_change' | 'address_proof'; email: string } | null> {
  for (const kind of ['address_change', 'address_proof'] as const) {
    const link = await linkBehind(ctx, kind, token)
    if (link) return link.userId === userId ? { kind, email: link.email } : null
  }
  return null
}
