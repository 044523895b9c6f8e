import { descriptionOf, mailboxFor, placeOf } from '#features/bookings/entries/types.ts'
import { icsFor } from '#features/notifications/calendar.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { bookingAt, keepSecret } from '../../../booking.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  keepSecret(event)
  const { ctx } = event.locals
  const booking = await bookingAt(event, event.params.uid)
  const t = translatorFor(ctx.locale)
  const link = new URL(`/booking/${booking.uid}`, ctx.config.url).href
  const options = {
    ...{ url: ctx.config.url, stamp: ctx.clock.now(), link, place: placeOf(booking.location) },
    neutral: t('mail.calendar.private'),
    mailbox: mailboxFor(booking, 'booker', ctx.config.mailFrom.address),
    description: descriptionOf(booking, { reader: 'booker', locale: ctx.locale, yes: t('ui.yes'), no: t('ui.no') }),
  }
  return new Response(icsFor([{ booking, options }]), {
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'attachment; filename="booking.ics"',
    },
  })
}
