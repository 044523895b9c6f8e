import { markNoShow } from '#features/bookings/aftercare/commands.ts'
import { confirmBooking, rejectBooking } from '#features/bookings/answering/commands.ts'
import { cancelBooking } from '#features/bookings/cancellation/commands.ts'
import { bookingError } from '#features/bookings/errors.ts'
import { ownBookings } from '#features/bookings/queries.ts'
import { cancelSchema } from '#features/bookings/schema.ts'
import type { Booking } from '#features/bookings/types.ts'
import { isSeveralAct, MOST_SEVERAL, type SeveralAct } from '#features/bookings/ui/dashboard/forms.ts'
import { itemOf } from '#features/bookings/ui/dashboard/views.ts'
import type { Ctx } from '#platform/ctx.ts'
import { AppError, isAppError } from '#platform/errors.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { readingOf } from '../reading.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, url }) => {
  const bookings = await ownBookings(ctx.db, userScope(ctx), uidsOf(url.searchParams))
  const reading = readingOf(ctx)
  return { act: requireAct(url.searchParams.get('act')), bookings: bookings.map((booking) => itemOf(booking, reading)) }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const act = requireAct(form.get('act'))
      const { reason } = parseInput(cancelSchema, { reason: form.get('reason') ?? '' })
      if (act === 'cancel' && reason === '') throw bookingError('reason_required')
      const bookings = await ownBookings(ctx.db, userScope(ctx), uidsOf(form))
      const results: Record<string, Result> = {}
      for (const booking of bookings) results[booking.uid] = await outcomeOf(RUN[act](ctx, booking, reason))
      return { results }
    }),
}

/** Null: it is done; otherwise why not. */
type Result = { code: string; details: Record<string, unknown> } | null

/** One refusal keeps nothing else from being done. */
async function outcomeOf(work: Promise<void>): Promise<Result> {
  try {
    await work
    return null
  } catch (error) {
    if (!isAppError(error)) throw error
    return { code: error.code, details: error.details }
  }
}

const RUN: Record<SeveralAct, (ctx: Ctx, booking: Booking, reason: string) => Promise<void>> = {
  confirm: (ctx, { uid }) => confirmBooking(ctx, { uid }),
  reject: (ctx, { uid }, reason) => rejectBooking(ctx, { uid, reason }),
  cancel: (ctx, { uid }, reason) => cancelBooking(ctx, { uid, reason }),
  async absent(ctx, { uid, attendees }) {
    const bookers = attendees.filter(({ kind }) => kind === 'booker')
    for (const { id } of bookers) await markNoShow(ctx, uid, { attendeeId: id, noShow: true })
  },
}

function uidsOf(from: URLSearchParams | FormData): string[] {
  const uids = from.getAll('uid').filter((uid) => typeof uid === 'string')
  return [...new Set(uids)].slice(0, MOST_SEVERAL)
}

function requireAct(act: unknown): SeveralAct {
  if (!isSeveralAct(act)) throw new AppError('page_not_found', 'not_found')
  return act
}
