import { setHostLimits } from '#features/schedules/limits/commands.ts'
import { findHostLimits } from '#features/schedules/limits/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx } }) => ({
  limits: await findHostLimits(ctx.db, userScope(ctx)),
})

const PERIODS = ['day', 'week', 'month', 'year'] as const

function perPeriod(form: FormData, measure: string): Record<string, number> {
  const named = PERIODS.map((period) => [period, String(form.get(`${measure}.${period}`) ?? '').trim()] as const)
  return Object.fromEntries(named.filter(([, text]) => text !== '').map(([period, text]) => [period, Number(text)]))
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, async (form) => {
      const limits = { bookings: perPeriod(form, 'bookings'), minutes: perPeriod(form, 'minutes') }
      await setHostLimits(event.locals.ctx, limits)
      return { saved: true }
    }),
}
