import { error } from '@sveltejs/kit'
import { fileOf } from '#features/bookings/files/queries.ts'
import { requireOwnBooking } from '../../booking.ts'
import type { RequestHandler } from './$types'

/** Always a download, never a page: whoever booked chose what is in it. */
export const GET: RequestHandler = async ({ locals: { ctx }, params }) => {
  const booking = await requireOwnBooking(ctx, params.uid)
  const file = await fileOf(ctx.db, booking, params.id)
  if (!file) error(404, 'file_not_found')
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="file"; filename*=UTF-8''${encoded(file.name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
  })
}

/** RFC 8187 allows fewer characters than `encodeURIComponent` leaves. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
}
