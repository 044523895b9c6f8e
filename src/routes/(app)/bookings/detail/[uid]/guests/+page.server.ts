import { redirect } from '@sveltejs/kit'
import { addGuests } from '#features/bookings/changes/commands.ts'
import { detailPath } from '#features/bookings/ui/dashboard/forms.ts'
import { itemOf } from '#features/bookings/ui/dashboard/views.ts'
import { formAction } from '#platform/http/kit.ts'
import { readingOf } from '../../../reading.ts'
import { requireOwnBooking } from '../booking.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => ({
  booking: itemOf(await requireOwnBooking(ctx, params.uid), readingOf(ctx)),
})

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { locals, params } = event
      const guests = String(form.get('guests') ?? '').split(/[\s,;]+/)
      await addGuests(locals.ctx, params.uid, { guests: guests.filter((email) => email !== '') })
      redirect(303, detailPath(params.uid))
    }),
}
