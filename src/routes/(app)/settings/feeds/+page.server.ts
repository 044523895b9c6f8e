import { changeFeedContent, replaceFeedAddress, turnOffFeed, turnOnFeed } from '#features/bookings/feeds/commands.ts'
import { listFeeds } from '#features/bookings/feeds/queries.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, setHeaders }) => {
  setHeaders({ 'cache-control': 'private, no-store' })
  return { feeds: await listFeeds(userScope(ctx), ctx) }
}

export const actions: Actions = {
  turnOn: (event) =>
    formAction(event, async (form) => {
      await turnOnFeed(event.locals.ctx, formFields(form))
      return { done: 'turned_on' as const, kind: form.get('kind') }
    }),
  replace: (event) =>
    formAction(event, async (form) => {
      await replaceFeedAddress(event.locals.ctx, formFields(form))
      return { done: 'replaced' as const, kind: form.get('kind') }
    }),
  content: (event) =>
    formAction(event, async (form) => {
      await changeFeedContent(event.locals.ctx, formFields(form))
      return { done: 'details_saved' as const, kind: form.get('kind') }
    }),
  turnOff: (event) =>
    formAction(event, async (form) => {
      await turnOffFeed(event.locals.ctx, formFields(form))
      return { done: 'turned_off' as const, kind: form.get('kind') }
    }),
}
