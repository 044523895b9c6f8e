import { redirect } from '@sveltejs/kit'
import { bookerOf } from '#features/bookings/entries/types.ts'
import { rescheduleBooking } from '#features/bookings/rescheduling/commands.ts'
import { rescheduleSchema } from '#features/bookings/schema.ts'
import { answersIn, fieldsIn } from '#features/bookings/ui/typed.ts'
import { renderMarkdown } from '#features/event-types/markdown.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { loadBooker, onlyPlace } from '../../booker.server.ts'
import { keepSecret } from '../../booking.server.ts'
import { facePlate } from '../../face.server.ts'
import { forgetHold, HOLD_COOKIE } from '../../offered.server.ts'
import { keepProblem, problemText } from '../../refusal.server.ts'
import { movableAt } from '../../reschedule.server.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  keepSecret(event)
  const { ctx } = event.locals
  const { booking, offered, refused } = await movableAt(event, event.params.uid)
  const face = facePlate(event, booking.host)
  const common = { face, title: booking.title, uid: booking.uid }
  if (!offered) return { ...common, refused: problemText(ctx, refused, {}), open: null }

  const { eventType } = offered.offer
  const moving = {
    start: booking.start.epochMilliseconds,
    end: booking.end.epochMilliseconds,
    sequence: booking.sequence,
  }
  return {
    ...common,
    refused: null,
    open: {
      description: renderMarkdown(eventType.description),
      start: moving.start,
      timeZone: bookerOf(booking).timeZone,
      durations: eventType.durations,
      place: onlyPlace(eventType),
      booker: await loadBooker(event, offered, { path: `/reschedule/${booking.uid}`, moving }),
    },
  }
}

export const actions: Actions = {
  async move(event) {
    const { cookies, locals, params } = event
    const outcome = await formAction(event, async (form) => {
      const number = (name: string) => (form.get(name) === null ? undefined : Number(form.get(name)))
      const input = parseInput(rescheduleSchema, {
        start: form.get('start') ?? undefined,
        timeZone: form.get('timeZone') ?? undefined,
        duration: number('duration'),
        reason: form.get('reason') ?? '',
        sequence: number('sequence'),
        answers: answersIn(fieldsIn(form)),
      })
      await rescheduleBooking(locals.ctx, { ...input, uid: params.uid, holdToken: cookies.get(HOLD_COOKIE) })
      forgetHold({ cookies, locals })
      redirect(303, `/booking/${params.uid}`)
    })
    return keepProblem(event, outcome)
  },

  /** Another time is looked at: what was typed stays. */
  async keep(event) {
    const form = await event.request.formData()
    event.locals.typed = Object.fromEntries(
      [...new Set(form.keys())].map((name) => [name, form.getAll(name).map(String)]),
    )
  },
}
