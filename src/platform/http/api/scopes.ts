/** What a key may be for, as pairs of reading and writing. */
export const SCOPE_NOUNS = ['PROFILE', 'EVENT_TYPE', 'SCHEDULE', 'BOOKING', 'WEBHOOK', 'APPS'] as const

export type ScopeNoun = (typeof SCOPE_NOUNS)[number]
export type Scope = `${ScopeNoun}_${'READ' | 'WRITE'}`

/** Writing does not include reading: a key that only books need not see who else did. */
export const SCOPES: readonly Scope[] = SCOPE_NOUNS.flatMap((noun) => [`${noun}_READ`, `${noun}_WRITE`] as const)

/**
 * Who may call a route: everybody, with or without a key; whoever has a key, whatever it is for; or who has a key for this. There is no
 * default: a route that does not say it does not compile.
 */
export type Access = 'public' | 'any_key' | Scope

/** @param scopes null: everything */
export function mayUse(scopes: readonly string[] | null, scope: Scope): boolean {
  return scopes === null || scopes.includes(scope)
}
