import { error, type RequestEvent } from '@sveltejs/kit'
import { decoyByUid } from '#features/bookings/decoys/queries.ts'
import { bookingByUid } from '#features/bookings/queries.ts'
import type { Booking } from '#features/bookings/types.ts'

/** The address of a booking is the key to it: nothing may index it or tell it to another site. */
export function keepSecret({ setHeaders }: Pick<RequestEvent, 'setHeaders'>): void {
  setHeaders({ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex', 'cache-control': 'private, no-store' })
}

/** The booking at an address, read once per request; what is said in the request is from then on said in its language. */
export function bookingOf({ locals }: RequestEvent, uid: string): Promise<Booking | null> {
  locals.booking ??= read()
  return locals.booking

  async function read(): Promise<Booking | null> {
    const { ctx } = locals
    const booking = (await bookingByUid(ctx, uid)) ?? (await decoyAt())
    ctx.locale = booking?.eventType?.language ?? ctx.locale
    return booking
  }

  /** Whoever is shown a booking that does not exist sees it wherever its page, its calendar entry or its way on are looked at. */
  async function decoyAt(): Promise<Booking | null> {
    locals.decoy = await decoyByUid(locals.ctx, uid)
    return locals.decoy?.booking ?? null
  }
}

/** @throws 404 */
export async function bookingAt(event: RequestEvent, uid: string): Promise<Booking> {
  const booking = await bookingOf(event, uid)
  if (!booking) error(404, 'booking_not_found')
  return booking
}
