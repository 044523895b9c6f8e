import { redirect } from '@sveltejs/kit'
import { z } from 'zod'
import { leave, requireSession } from '#app/session.ts'
import { ORIGIN_DAYS } from '#features/accounts/sessions/rules.ts'
import { contactById } from '#features/bookings/contacts/queries.ts'
import { eraseAttendee, eraseBefore, previewErasure } from '#features/bookings/erasure/commands.ts'
import { countLastBookedBefore, listErasures } from '#features/bookings/erasure/queries.ts'
import { setRetention } from '#features/bookings/erasure/retention/commands.ts'
import { retentionOf } from '#features/bookings/erasure/retention/queries.ts'
import { beginningOf, eraseBeforeSchema } from '#features/bookings/erasure/schema.ts'
import { deleteOwnAccount } from '#features/privacy/account-deletion/commands.ts'
import { previewDeletion } from '#features/privacy/account-deletion/queries.ts'
import { KEPT_DAYS } from '#features/privacy/upkeep/rules.ts'
import { ATTEMPT_DAYS } from '#features/webhooks/log/rules.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { catchesMails } from '#platform/mail/transport.ts'
import { userScope } from '#platform/scope.ts'
import { TRASH_DAYS } from '#platform/trash.ts'
import { formatDay, formatShort, localDateOf } from '#ui/dates.ts'
import { idOf } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { ctx } = locals
  const scope = userScope(ctx)
  const { timeZone, hourCycle } = requireSession(locals).account
  const style = { locale: ctx.locale, timeZone, hourCycle }
  const short = (instant: string) => formatShort(Date.parse(instant), style)
  const after = z.uuid().safeParse(url.searchParams.get('after')).data ?? null
  const person = idOf(url.searchParams.get('person'))
  const [{ erasures, next }, days, leaving, contact] = await Promise.all([
    listErasures(ctx.db, scope, after),
    retentionOf(ctx.db, scope),
    previewDeletion(ctx.db, scope, ctx.clock.now()),
    person ? contactById(ctx.db, scope, person) : null,
  ])
  return {
    erasures: erasures.map((one) => ({
      ...{ id: one.id, kind: one.kind, mark: one.mark, counts: one.counts, done: one.doneAt !== null },
      ...{
        at: one.requestedAt,
        when: short(one.requestedAt),
        before: one.before && formatDay(Date.parse(one.before), style),
      },
    })),
    ...{ next, continued: after !== null, days, leaving, email: contact?.email ?? '' },
    today: localDateOf(ctx.clock.now().epochMilliseconds, timeZone),
    kept: {
      ...KEPT_DAYS,
      trash: TRASH_DAYS,
      signIns: ORIGIN_DAYS,
      webhooks: ATTEMPT_DAYS,
      mails: catchesMails(ctx.config) ? KEPT_DAYS.mails : 0,
    },
  }
}

export const actions: Actions = {
  look: (event) =>
    formAction(event, async (form) => {
      const { timeZone, hourCycle } = requireSession(event.locals).account
      const { ctx } = event.locals
      const preview = await previewErasure(ctx, { email: form.get('email') })
      const { earlier } = preview
      const style = { locale: ctx.locale, timeZone, hourCycle }
      return { preview: { ...preview, earlier: earlier && formatShort(Date.parse(earlier), style) } }
    }),
  erase: (event) =>
    formAction(event, async (form) => {
      const { done } = await eraseAttendee(event.locals.ctx, formFields(form))
      return { erased: done ? ('erased' as const) : ('erasing' as const) }
    }),
  count: (event) =>
    formAction(event, async (form) => {
      const { timeZone } = requireSession(event.locals).account
      const { ctx } = event.locals
      const { date } = parseInput(eraseBeforeSchema, formFields(form))
      const count = await countLastBookedBefore(ctx.db, userScope(ctx), beginningOf(date, timeZone))
      return { many: { date, count } }
    }),
  eraseMany: (event) =>
    formAction(event, async (form) => {
      await eraseBefore(event.locals.ctx, formFields(form), requireSession(event.locals).account.timeZone)
      return { begun: true as const }
    }),
  timer: (event) =>
    formAction(event, async (form) => ({ timer: { days: await setRetention(event.locals.ctx, formFields(form)) } })),
  leave: (event) =>
    formAction(event, async (form) => {
      await deleteOwnAccount(event.locals.ctx, formFields(form))
      await leave(event)
      redirect(303, '/auth/sign-in?left')
    }),
}
