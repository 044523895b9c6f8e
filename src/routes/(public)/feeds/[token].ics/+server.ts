import { feedText } from '#features/bookings/feeds/content.ts'
import { bookingsOfFeed } from '#features/bookings/feeds/queries.ts'
import { answerFeed } from '../feed.server.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = (event) => {
  const { db, clock, config } = event.locals.ctx
  return answerFeed(event, 'bookings', async (feed) =>
    feedText(feed, await bookingsOfFeed(db, feed, clock.now()), config.url),
  )
}
