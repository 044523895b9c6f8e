import type { Account } from '../types.ts'

/** What a request knows of who is signed in. */
export interface ActiveSession {
  id: string
  account: Account
  /** Its last use was written down so long ago that this one should be. */
  stale: boolean
}

/** One line of the list of devices. */
export interface SessionEntry {
  id: string
  /** Names of the browser and the system, such as Firefox and Linux; null where the device did not say. */
  browser: string | null
  system: string | null
  address: string
  /** Epoch milliseconds. */
  createdAt: number
  lastUsedAt: number
  current: boolean
}
