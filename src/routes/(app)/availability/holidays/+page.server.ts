import { bookingsWithin } from '#features/availability/taken/queries.ts'
import { chooseHolidays } from '#features/schedules/holidays/commands.ts'
import { holidayView } from '#features/schedules/holidays/queries.ts'
import { knownSets } from '#features/schedules/holidays/rules.ts'
import type { HolidayChoiceInput } from '#features/schedules/holidays/schema.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { todayIn } from '../today.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, parent, url }) => {
  const { timeZone } = (await parent()).account
  const scope = userScope(ctx)
  const today = todayIn(ctx, timeZone)
  const asked = url.searchParams.get('country')
  const preview =
    asked === null
      ? undefined
      : {
          ...{ country: asked || null, region: url.searchParams.get('region') || null },
          sets: knownSets(url.searchParams.getAll('set')),
        }
  const view = await holidayView(ctx, scope, { today, preview })
  const periods = view.coming.map(({ start, end }) => ({ key: start, first: start, last: end }))
  return { view, booked: await bookingsWithin(ctx.db, scope, timeZone, periods), preview: preview !== undefined }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, async (form) => {
      const text = (name: string) => String(form.get(name) ?? '') || null
      const texts = (name: string) => form.getAll(name).map(String)
      const free = new Set(texts('free'))
      const rules = texts('rule')
      const halves = rules.map((rule) => [rule, text(`half ${rule}`)] as const).filter(([, half]) => half !== null)
      const input = {
        ...{ country: text('country'), region: text('region'), sets: texts('set') },
        off: rules.filter((rule) => !free.has(rule)),
        halves: Object.fromEntries(halves),
      }
      await chooseHolidays(event.locals.ctx, input as HolidayChoiceInput)
      return { saved: true }
    }),
}
