import type { Role } from '#features/accounts/types.ts'

const OWN = ['profile', 'general', 'appearance', 'feeds', 'webhooks', 'security', 'activity', 'privacy'] as const
/** For those who run the installation. */
const ALL = [...OWN, 'deliveries'] as const

/** Pages of the settings that somebody has, in order. */
export function settingsPages(role: Role): readonly (typeof ALL)[number][] {
  return role === 'member' ? OWN : ALL
}
