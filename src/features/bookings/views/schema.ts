import { z } from 'zod'
import { singleLine } from '#platform/fields.ts'

const viewName = singleLine(100)
const viewId = z.number().int().positive()

/** A search to be kept: the list it is in, and its filters as `queryOf` writes them. */
export const newViewSchema = z.strictObject({
  name: viewName,
  tab: z.string().max(20),
  query: z.string().max(2000),
})

export const viewNameSchema = z.strictObject({ id: viewId, name: viewName })
export const viewKeySchema = z.strictObject({ id: viewId })
/** What takes a deletion back. */
export const restoreKeySchema = z.strictObject({ key: z.uuid({ error: 'nothing_to_restore' }) })
