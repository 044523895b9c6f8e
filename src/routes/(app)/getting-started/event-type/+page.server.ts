import { redirect } from '@sveltejs/kit'
import { startWithEventType } from '#app/getting-started.ts'
import { formAction } from '#platform/http/kit.ts'
import { quickEventType } from '../../event-types/quick-event-type.ts'
import { requireUnderWay, skip } from '../step.server.ts'
import type { Actions, PageServerLoad } from './$types'

/** What many begin with: minutes, and a kind of place. */
const BEGINNINGS = {
  call: { duration: 15, kind: 'attendee_phone' },
  meeting: { duration: 30, kind: 'video' },
  visit: { duration: 60, kind: 'in_person' },
} as const
type Beginning = keyof typeof BEGINNINGS

export const load: PageServerLoad = ({ locals, url }) => {
  requireUnderWay(locals)
  const names = Object.keys(BEGINNINGS) as Beginning[]
  const chosen = names.find((name) => name === url.searchParams.get('begin')) ?? 'meeting'
  return { chosen, beginnings: names.map((name) => ({ name, ...BEGINNINGS[name] })) }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, async (form) => {
      requireUnderWay(event.locals)
      await startWithEventType(event.locals.ctx, quickEventType(form))
      redirect(303, '/getting-started/done')
    }),
  skip: (event) => skip(event, 'event-type'),
}
