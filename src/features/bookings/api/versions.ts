import type { Versions } from '#platform/http/api/versions.ts'

/** One shape so far; it answers dates before it, too. */
export const bookingVersions: Versions = { current: '2024-08-13' }
