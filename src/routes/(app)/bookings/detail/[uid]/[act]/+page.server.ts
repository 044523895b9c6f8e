import { redirect } from '@sveltejs/kit'
import { confirmBooking, rejectBooking } from '#features/bookings/answering/commands.ts'
import { cancelBooking, requestAnotherTime } from '#features/bookings/cancellation/commands.ts'
import { listPresets } from '#features/bookings/notes/presets/queries.ts'
import { cancelSchema, confirmSchema, rejectSchema, requestTimeSchema } from '#features/bookings/schema.ts'
import { actPath, detailPath, type FormAct, isFormAct } from '#features/bookings/ui/dashboard/forms.ts'
import { itemOf } from '#features/bookings/ui/dashboard/views.ts'
import type { Ctx } from '#platform/ctx.ts'
import { AppError } from '#platform/errors.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../../../form-json.ts'
import { readingOf } from '../../../reading.ts'
import { requireOwnBooking } from '../booking.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  if (params.act === 'reschedule') redirect(307, actPath(params.uid, params.act))
  const act = requireAct(params.act)
  const booking = itemOf(await requireOwnBooking(ctx, params.uid), readingOf(ctx))
  return {
    ...{ act, booking, open: booking.acts.includes(act) },
    presets: act === 'cancel' ? await listPresets(ctx.db, userScope(ctx)) : [],
    preset: idOf(url.searchParams.get('preset')),
    whole: url.searchParams.has('series'),
  }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { locals, params } = event
      const act = requireAct(params.act)
      await requireOwnBooking(locals.ctx, params.uid)
      await RUN[act](locals.ctx, params.uid, fieldsOf(form))
      redirect(303, `${detailPath(params.uid)}?done=${act}`)
    }),
}

const RUN: Record<FormAct, (ctx: Ctx, uid: string, fields: object) => Promise<void>> = {
  confirm: (ctx, uid, fields) => confirmBooking(ctx, { uid, ...parseInput(confirmSchema, fields) }),
  reject: (ctx, uid, fields) => rejectBooking(ctx, { uid, ...parseInput(rejectSchema, fields) }),
  cancel: (ctx, uid, fields) => cancelBooking(ctx, { uid, ...parseInput(cancelSchema, fields) }),
  'request-time': (ctx, uid, fields) => requestAnotherTime(ctx, { uid, ...parseInput(requestTimeSchema, fields) }),
}

/** Fields of a form are texts; the version is a number, and what is ticked is true. */
function fieldsOf(form: FormData): object {
  const fields = formFields(form)
  return {
    ...fields,
    ...('sequence' in fields && { sequence: Number(fields.sequence) }),
    ...('series' in fields && { series: fields.series === 'true' }),
    ...('following' in fields && { following: fields.following === 'true' }),
  }
}

function requireAct(act: string): FormAct {
  if (!isFormAct(act)) throw new AppError('page_not_found', 'not_found')
  return act
}
