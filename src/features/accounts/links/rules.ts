import type { LinkKind } from './types.ts'

/** So many minutes each kind of link holds. */
export const LINK_MINUTES = {
  password_reset: 30,
  address_change: 60,
  address_proof: 3 * 1440,
  /** Long enough to be found after a holiday weekend, short enough that a mailbox somebody gave up is no way in for ever. */
  address_return: 7 * 1440,
  second_step: 10,
  sign_in_link: 15,
} as const satisfies Record<LinkKind, number>
