import { redirect } from '@sveltejs/kit'
import { firstSchedule, startWithHours } from '#app/getting-started.ts'
import { DAY_MINUTES, hoursByDay, weeklyFromDays } from '#features/schedules/rules.ts'
import { readClock } from '#features/schedules/ui/clock-text.ts'
import { formAction } from '#platform/http/kit.ts'
import { requireUnderWay, skip } from '../step.server.ts'
import type { Actions, PageServerLoad } from './$types'

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6]
const USUAL: [number, number] = [540, 1020]

export const load: PageServerLoad = async ({ locals }) => {
  requireUnderWay(locals)
  const byDay = hoursByDay((await firstSchedule(locals.ctx))?.weekly ?? [])
  return {
    days: WEEKDAYS.map((day) => {
      const [range] = byDay[day] ?? []
      const [start, end] = range ?? USUAL
      return { day, open: range !== undefined, start: clock(start), end: clock(end) }
    }),
    byDay,
    /** There is more to these hours than the form can say. */
    detailed: byDay.some((ranges) => ranges.length > 1),
  }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, async (form) => {
      const byDay = WEEKDAYS.map((day) => (form.get(`open${day}`) === 'on' ? [rangeIn(form, day)] : []))
      await startWithHours(event.locals.ctx, requireUnderWay(event.locals), weeklyFromDays(byDay))
      redirect(303, '/getting-started/event-type')
    }),
  skip: (event) => skip(event, 'hours'),
}

/** A day that ends at midnight ends at its 24:00. What is no time lies in no day, and is refused with it. */
function rangeIn(form: FormData, day: number): [number, number] {
  const read = (name: string) => readClock(String(form.get(`${name}${day}`) ?? ''), 'start', 'h23') ?? -1
  return [read('start'), read('end') || DAY_MINUTES]
}

/** `09:00`, as fields for a time have it; they know no 24:00. */
function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`
}
