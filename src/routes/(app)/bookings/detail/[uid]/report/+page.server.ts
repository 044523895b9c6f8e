import { redirect } from '@sveltejs/kit'
import { reportBooking } from '#features/bookings/reports/commands.ts'
import { detailPath } from '#features/bookings/ui/dashboard/forms.ts'
import { itemOf } from '#features/bookings/ui/dashboard/views.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import { readingOf } from '../../../reading.ts'
import { requireOwnBooking } from '../booking.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => {
  const booking = await requireOwnBooking(ctx, params.uid)
  const booker = booking.attendees.find(({ kind }) => kind === 'booker')
  return { booking: itemOf(booking, readingOf(ctx)), email: booker?.email ?? '' }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { locals, params } = event
      await reportBooking(locals.ctx, params.uid, formFields(form))
      redirect(303, detailPath(params.uid))
    }),
}
