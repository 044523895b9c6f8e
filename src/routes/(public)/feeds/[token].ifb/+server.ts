import { busyText } from '#features/bookings/feeds/content.ts'
import { feedError } from '#features/bookings/feeds/errors.ts'
import { busyTimesOfFeed } from '#features/bookings/feeds/queries.ts'
import { busySpan, MOST_DAYS } from '#features/bookings/feeds/rules.ts'
import { spanQuery } from '#features/bookings/feeds/schema.ts'
import { parseInput } from '#platform/input.ts'
import { answerFeed } from '../feed.server.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = (event) => {
  const { db, clock, config } = event.locals.ctx
  const now = clock.now()
  return answerFeed(event, 'free_busy', async (feed) => {
    const asked = parseInput(spanQuery, Object.fromEntries(event.url.searchParams))
    const span = busySpan(asked, now.epochMilliseconds)
    if (!span.ok) throw feedError(span.reason, { max: MOST_DAYS })
    const times = await busyTimesOfFeed(db, feed, span)
    return busyText(feed, times, { url: config.url, now, span })
  })
}
