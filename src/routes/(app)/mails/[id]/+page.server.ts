import { calendarLines, readMail } from '#platform/mail/reading.ts'
import { requireMail } from '../catcher.ts'
import type { PageServerLoad } from './$types'

const VIEWS = ['formatted', 'text', 'calendar', 'source'] as const

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { id, caughtAt, raw } = await requireMail(locals, params.id)
  const { html, calendar, ...mail } = await readMail(raw)
  const views = VIEWS.filter((view) => (view === 'formatted' ? html !== '' : view !== 'calendar' || calendar !== null))
  return {
    mail: { ...mail, id, caughtAt, calendar: calendar === null ? [] : calendarLines(calendar) },
    source: raw.toString('utf8'),
    views,
    view: views.find((view) => view === url.searchParams.get('view')) ?? views[0] ?? 'text',
  }
}
