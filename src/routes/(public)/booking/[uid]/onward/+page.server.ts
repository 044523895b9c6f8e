import { redirect } from '@sveltejs/kit'
import { loadOffer } from '#features/availability/queries.ts'
import { bookingAt, keepSecret } from '../../../booking.server.ts'
import { facePlate } from '../../../face.server.ts'
import { onwardAddress } from '../../../onward.server.ts'
import type { PageServerLoad } from './$types'

/**
 * Leads on to the page of the host's choice. A page of its own, because browsers do not let a form be answered with a redirect to another
 * site (CSP form-action), and because whoever stays behind should know that the booking is made.
 */
export const load: PageServerLoad = async (event) => {
  keepSecret(event)
  const { ctx } = event.locals
  const booking = await bookingAt(event, event.params.uid)
  const offer = booking.eventType && (await loadOffer(ctx.db, { eventTypeId: booking.eventType.id }))
  const path = `/booking/${booking.uid}`
  if (!offer?.eventType.redirect) redirect(303, path)
  const address = onwardAddress(offer.eventType.redirect, booking, event.url.searchParams)
  return {
    ...{ address, path, pending: booking.status === 'pending' },
    host: new URL(address).host,
    face: facePlate(event, booking.host),
  }
}
