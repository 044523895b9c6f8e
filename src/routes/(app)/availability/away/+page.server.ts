import { bookingsWithin } from '#features/availability/taken/queries.ts'
import { deleteAbsence, restoreAbsence } from '#features/schedules/away/commands.ts'
import { listAbsences } from '#features/schedules/away/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../form-json.ts'
import { todayIn } from '../today.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, parent, url }) => {
  const { account } = await parent()
  const today = todayIn(ctx, account.timeZone)
  const over = url.searchParams.has('over')
  const after = url.searchParams.get('after')
  const scope = userScope(ctx)
  const list = await listAbsences(ctx.db, scope, { over, today, after })
  const periods = list.absences.map(({ id, firstDate, lastDate }) => ({
    ...{ key: String(id), first: firstDate, last: lastDate },
  }))
  const booked = over ? {} : await bookingsWithin(ctx.db, scope, account.timeZone, periods)
  return { today, over, after, list, booked }
}

export const actions: Actions = {
  delete: (event) => formAction(event, (form) => deleteAbsence(event.locals.ctx, { id: idOf(form.get('id')) })),
  restore: (event) => formAction(event, (form) => restoreAbsence(event.locals.ctx, { key: String(form.get('key')) })),
}
