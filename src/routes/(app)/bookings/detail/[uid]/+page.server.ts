import { redirect } from '@sveltejs/kit'
import { bookingHistory } from '#features/bookings/queries.ts'
import { detailPath, FORM_ACTS } from '#features/bookings/ui/dashboard/forms.ts'
import { detailOf, mailOf } from '#features/bookings/ui/dashboard/views.ts'
import { replayMail } from '#features/notifications/commands.ts'
import { deliveriesOf } from '#features/notifications/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { readingOf } from '../../reading.ts'
import type { Actions, PageServerLoad } from './$types'
import { requireOwnBooking } from './booking.ts'

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const booking = await requireOwnBooking(ctx, params.uid)
  const [history, mails] = await Promise.all([
    bookingHistory(ctx.db, booking),
    deliveriesOf(ctx.db, userScope(ctx), params.uid),
  ])
  const done = FORM_ACTS.find((act) => act === url.searchParams.get('done'))
  return {
    booking: detailOf(booking, history, readingOf(ctx)),
    mails: mails.map((mail) => mailOf(mail, booking, ctx.locale)),
    // The address alone must not make the page say that something was done.
    done: done !== undefined && history.at(-1)?.name === EVENT_OF[done] ? done : null,
  }
}

const EVENT_OF = {
  confirm: 'booking.confirmed',
  reject: 'booking.rejected',
  'request-time': 'booking.another_time_requested',
  cancel: 'booking.cancelled',
} as const

export const actions: Actions = {
  retry: (event) =>
    formAction(event, async (form) => {
      const { locals, params } = event
      await replayMail(locals.ctx, { uid: params.uid, deliveryId: String(form.get('delivery')) })
      redirect(303, detailPath(params.uid))
    }),
}
