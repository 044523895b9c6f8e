import { z } from 'zod'
import { calendarDate, timeZoneName } from '#platform/fields.ts'

const content = {
  firstDate: calendarDate,
  /** Null: until further notice. */
  lastDate: calendarDate.nullable(),
  timeZone: timeZoneName,
}

function inOrder(
  { firstDate, lastDate }: { firstDate: string; lastDate: string | null },
  check: z.core.$RefinementCtx,
) {
  if (lastDate === null || lastDate >= firstDate) return
  check.addIssue({ code: 'custom', path: ['lastDate'], params: { code: 'ends_before_it_begins' } })
}

export const newTrip = z.strictObject(content).superRefine(inOrder)

export const tripChange = z
  .strictObject({
    ...content,
    id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
    /** As it was read; another one means that somebody saved meanwhile. */
    version: z.string().max(40),
  })
  .superRefine(inOrder)

export type NewTrip = z.input<typeof newTrip>
export type TripChange = z.input<typeof tripChange>
