import { Temporal } from 'temporal-polyfill'
import { requireSession } from '#app/session.ts'
import { bookingsBetween, type CalendarEntry } from '#features/bookings/calendar/queries.ts'
import { CALENDAR_VIEWS, calendarSpan, hoursOf, segmentsOf } from '#features/bookings/calendar/rules.ts'
import { detailPath } from '#features/bookings/ui/dashboard/forms.ts'
import { calendarDate } from '#platform/fields.ts'
import { userScope } from '#platform/scope.ts'
import { markColor } from '#ui/contrast.ts'
import { type DateStyle, formatDate, formatMonth, formatTime, formatTimeRange, weekdayNames } from '#ui/dates.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { ctx } = locals
  const { timeZone, hourCycle, weekStart } = requireSession(locals).account
  const style = { locale: ctx.locale, timeZone, hourCycle }
  const today = ctx.clock.now().toZonedDateTimeISO(timeZone).toPlainDate().toString()
  const view = CALENDAR_VIEWS.find((known) => known === url.searchParams.get('view')) ?? 'week'
  const date = calendarDate.safeParse(url.searchParams.get('date')).data ?? today
  const span = calendarSpan(view, date, weekStart)
  const [first = date, last = date] = [span.dates[0], span.dates.at(-1)]
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).toInstant()
  const entries = await bookingsBetween(
    ctx.db,
    userScope(ctx),
    midnight(Temporal.PlainDate.from(first)),
    midnight(Temporal.PlainDate.from(last).add({ days: 1 })),
  )
  const placed = entries.flatMap((entry) => itemsOf(entry, style))
  const shown = placed.filter((item) => span.dates.includes(item.date))
  return {
    ...{ view, date, today, previous: span.previous, next: span.next, hours: hoursOf(shown) },
    title: view === 'month' ? formatMonth(date.slice(0, 7), ctx.locale) : weekTitle(first, last, ctx.locale),
    weekdays: weekdayNames(ctx.locale, weekStart, 'short'),
    days: span.dates.map((day) => ({
      ...{ date: day, number: Number(day.slice(8)), text: formatDate(day, ctx.locale) },
      ...{ isToday: day === today, outside: view === 'month' && day.slice(0, 7) !== date.slice(0, 7) },
      items: shown.filter((item) => item.date === day),
    })),
  }
}

function itemsOf({ uid, title, who, color: light, colorDark, status, start, end }: CalendarEntry, style: DateStyle) {
  const time = formatTimeRange(start.epochMilliseconds, end.epochMilliseconds, style)
  const color = markColor(light, colorDark)
  const begins = formatTime(start.epochMilliseconds, style)
  const shared = { uid, begins, href: detailPath(uid), title, who, color, time, isPending: status === 'pending' }
  return segmentsOf(start, end, style.timeZone).map((segment) => ({ ...shared, ...segment }))
}

function weekTitle(first: string, last: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  const noon = (date: string) => Date.parse(`${date}T12:00:00Z`)
  return format.formatRange(noon(first), noon(last))
}
