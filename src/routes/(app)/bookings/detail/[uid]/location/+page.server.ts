import { redirect } from '@sveltejs/kit'
import { changeLocation } from '#features/bookings/changes/commands.ts'
import { placeOf as entryPlaceOf } from '#features/bookings/entries/types.ts'
import type { BookingLocation } from '#features/bookings/types.ts'
import { detailPath } from '#features/bookings/ui/dashboard/forms.ts'
import { itemOf } from '#features/bookings/ui/dashboard/views.ts'
import { formAction } from '#platform/http/kit.ts'
import { readingOf } from '../../../reading.ts'
import { requireOwnBooking } from '../booking.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const booking = await requireOwnBooking(ctx, params.uid)
  return { booking: itemOf(booking, readingOf(ctx)), place: placeOf(booking.location) }
}

/** As the form has it. */
function placeOf(location: BookingLocation | null): { kind: string; text: string } {
  if (location === null) return { kind: 'video', text: '' }
  if (location.kind === 'link') return { kind: location.video ? 'video' : 'link', text: location.url }
  return { kind: location.kind, text: entryPlaceOf(location) }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { locals, params } = event
      const { kind, text, sequence } = Object.fromEntries(form)
      await changeLocation(locals.ctx, params.uid, { kind, text, sequence: Number(sequence) })
      redirect(303, detailPath(params.uid))
    }),
}
