import type { Versions } from '#platform/http/api/versions.ts'

/** One shape so far; it answers dates before it, too. What was asked for at `/slots/available` is still asked for there. */
export const slotVersions: Versions = { current: '2024-09-04' }
