import type { Tables } from '#platform/db/tables.ts'

/** What a link that was mailed to somebody is for. */
export type LinkKind = Tables['account_links']['kind']
