import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const EXPORTS = ['bookings', 'activity', 'contact', 'everything'] as const
/** What can be taken away. */
export type ExportKind = (typeof EXPORTS)[number]

/** Somebody took a copy of their data away. */
export const exportDownloaded = defineEvent({
  name: 'export.downloaded',
  version: 1,
  payload: z.object({ userId: z.number().int(), what: z.enum(EXPORTS) }),
  subject: ({ userId }) => `user:${userId}`,
  owner: 'actor',
})

/** Whoever runs the installation had events forgotten that are older than this. */
export const historyForgotten = defineEvent({
  name: 'history.forgotten',
  version: 1,
  payload: z.object({ before: z.iso.datetime(), count: z.number().int() }),
  subject: () => 'history:all',
  owner: 'actor',
})
