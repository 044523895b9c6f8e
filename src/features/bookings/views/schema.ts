import { z } from 'zod'
import { singleLine } from '#platform/fields.ts'

const viewName = singleLine(100)
const viewId = z.number().int().positive()

/** Which list, and its filters and arrangement as `listQuery` writes them. */
const view = { tab: z.string().max(20), query: z.string().max(2000) }

export const newViewSchema = z.strictObject({ name: viewName, ...view })
export const changedViewSchema = z.strictObject({ id: viewId, ...view })

export const viewNameSchema = z.strictObject({ id: viewId, name: viewName })
export const viewKeySchema = z.strictObject({ id: viewId })
/** Whether bookings open with it. */
export const preferredViewSchema = z.strictObject({ id: viewId, preferred: z.boolean() })
/** What takes a deletion back. */
export const restoreKeySchema = z.strictObject({ key: z.uuid({ error: 'nothing_to_restore' }) })
