import { redirect } from '@sveltejs/kit'
import { markNoShow } from '#features/bookings/aftercare/commands.ts'
import { aftercareOf } from '#features/bookings/aftercare/queries.ts'
import { addNote, deleteNote, restoreNote } from '#features/bookings/notes/commands.ts'
import { listPresets } from '#features/bookings/notes/presets/queries.ts'
import { bookingHistory } from '#features/bookings/queries.ts'
import { detailPath, FORM_ACTS } from '#features/bookings/ui/dashboard/forms.ts'
import { detailOf, mailOf, timed } from '#features/bookings/ui/dashboard/views.ts'
import { replayMail } from '#features/notifications/commands.ts'
import { deliveriesOf } from '#features/notifications/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { bookingSentenceOf } from '../../../activity-words.ts'
import { idOf } from '../../../form-json.ts'
import { readingOf } from '../../reading.ts'
import type { Actions, PageServerLoad } from './$types'
import { requireOwnBooking } from './booking.ts'

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const booking = await requireOwnBooking(ctx, params.uid)
  const [history, mails, aftercare, presets] = await Promise.all([
    bookingHistory(ctx.db, booking),
    deliveriesOf(ctx.db, userScope(ctx), params.uid),
    aftercareOf(ctx.db, userScope(ctx), booking.id),
    listPresets(ctx.db, userScope(ctx)),
  ])
  const reading = readingOf(ctx)
  const detail = detailOf(booking, history, reading)
  const t = translatorFor(ctx.locale)
  const done = FORM_ACTS.find((act) => act === url.searchParams.get('done'))
  return {
    booking: detail,
    history: detail.history.map((fact) => ({ ...fact, text: bookingSentenceOf(t, fact, detail.who) })),
    presets,
    preset: presets.find(({ id }) => id === idOf(url.searchParams.get('preset')))?.text ?? '',
    notes: timed(aftercare.notes, booking, reading),
    ratings: timed(aftercare.ratings, booking, reading),
    report: aftercare.report && timed([aftercare.report], booking, reading)[0],
    guestsPossible: booking.seats === null && booking.host.id === userScope(ctx).userId,
    absent:
      booking.status === 'accepted' && booking.start.epochMilliseconds <= ctx.clock.now().epochMilliseconds
        ? { host: aftercare.hostNoShow, attendeeIds: aftercare.noShows }
        : null,
    mails: mails.map((mail) => mailOf(mail, booking, reading)),
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
  noShow: (event) =>
    formAction(event, async (form) => {
      const attendee = form.get('attendee')
      await markNoShow(event.locals.ctx, event.params.uid, {
        attendeeId: attendee ? idOf(attendee) : null,
        noShow: form.get('absent') === 'true',
      })
      redirect(303, detailPath(event.params.uid))
    }),
  addNote: (event) =>
    formAction(event, async (form) => {
      await addNote(event.locals.ctx, event.params.uid, { text: form.get('text') })
      redirect(303, detailPath(event.params.uid))
    }),
  deleteNote: (event) =>
    formAction(event, async (form) => {
      const { key } = await deleteNote(event.locals.ctx, { id: idOf(form.get('id')) })
      return { deletedNote: key }
    }),
  restoreNote: (event) =>
    formAction(event, async (form) => {
      await restoreNote(event.locals.ctx, { key: form.get('key') })
      redirect(303, detailPath(event.params.uid))
    }),
}
