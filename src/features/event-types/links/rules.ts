import type { PrivateLink } from './types.ts'

/** Open ones of one event type at a time. */
export const MOST_OPEN_LINKS = 1000
export const MOST_USES = 10_000
export const MOST_STARTS = 100
export const LONGEST_LABEL = 200

export type LinkState = 'open' | 'expired' | 'used_up' | 'revoked'

/** Whether a link can be booked over; an offer whose last start is over has come to its end, too. */
export function linkStateOf(
  {
    revokedAt,
    expiresAt,
    mostUses,
    uses,
    starts,
  }: Pick<PrivateLink, 'revokedAt' | 'expiresAt' | 'mostUses' | 'uses' | 'starts'>,
  now: number,
): LinkState {
  if (revokedAt !== null) return 'revoked'
  if (mostUses !== null && uses >= mostUses) return 'used_up'
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  return starts !== null && (starts.at(-1) ?? 0) <= now ? 'expired' : 'open'
}

/** The path of a link. The slug is for people: the token alone decides. */
export function linkPath(token: string, slug: string): string {
  return `/d/${token}/${slug}`
}
