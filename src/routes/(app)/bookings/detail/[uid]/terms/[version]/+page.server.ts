import { error } from '@sveltejs/kit'
import { acceptedText } from '#features/bookings/answers/queries.ts'
import { renderMarkdown } from '#features/event-types/markdown.ts'
import { requireOwnBooking } from '../../booking.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const booking = await requireOwnBooking(ctx, params.uid)
  const accepted = await acceptedText(ctx.db, booking, params.version)
  if (!accepted) error(404, 'page_not_found')
  return { uid: booking.uid, title: booking.title, label: accepted.label, html: renderMarkdown(accepted.text) }
}
