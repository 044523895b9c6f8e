import { replayAnyMail } from '#features/notifications/commands.ts'
import { troubledMails } from '#features/notifications/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { instanceScope } from '#platform/scope.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx } }) => {
  const scope = instanceScope(ctx)
  const [mails, givenUp] = await Promise.all([troubledMails(ctx.db, scope), ctx.jobs.deadLetters()])
  return { mails, givenUp: givenUp.reduce((sum, { count }) => sum + count, 0) }
}

export const actions: Actions = {
  mail: (event) =>
    formAction(event, async (form) => {
      await replayAnyMail(event.locals.ctx, String(form.get('delivery')))
      return { done: 'replayed' as const }
    }),
  jobs: (event) =>
    formAction(event, async () => {
      instanceScope(event.locals.ctx)
      await event.locals.ctx.jobs.replayDeadLetters()
      return { done: 'jobs_replayed' as const }
    }),
}
