import { icsFor, placeOf } from '#features/notifications/calendar.ts'
import { bookingAt, keepSecret } from '../../../booking.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  keepSecret(event)
  const { ctx } = event.locals
  const booking = await bookingAt(event, event.params.uid)
  const link = new URL(`/booking/${booking.uid}`, ctx.config.url).href
  const file = icsFor(booking, {
    url: ctx.config.url,
    stamp: ctx.clock.now(),
    description: booking.notes,
    link,
    place: placeOf(booking.location),
  })
  return new Response(file, {
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'attachment; filename="booking.ics"',
    },
  })
}
