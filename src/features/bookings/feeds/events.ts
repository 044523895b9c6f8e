import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

/** Somebody turned a feed on or off, gave it another address, or changed what it tells. */
export const calendarFeedChanged = defineEvent({
  name: 'calendar_feed.changed',
  version: 1,
  payload: z.object({
    feedId: z.number().int(),
    change: z.enum(['turned_on', 'turned_off', 'address_replaced', 'content_changed']),
  }),
  subject: ({ feedId }) => `calendar-feed:${feedId}`,
  owner: 'actor',
})
