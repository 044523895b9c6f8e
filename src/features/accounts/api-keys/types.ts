import type { ScopeNoun } from '#platform/http/api/scopes.ts'

export type { ScopeNoun }

/** One line of the list of keys. The key itself is shown only when it is made. */
export interface ApiKeyEntry {
  id: string
  label: string
  /** How the key begins. */
  prefix: string
  /** Epoch milliseconds. */
  createdAt: number
  lastUsedAt: number | null
  expiresAt: number | null
  /** What it is for; null: everything. */
  scopes: string[] | null
}
