import type { Versions } from '#platform/http/api/versions.ts'

/** One shape so far; it answers dates before it, too. */
export const eventTypeVersions: Versions = { current: '2024-06-14' }
