import { createPrivateLink, revokePrivateLink } from '#features/event-types/links/commands.ts'
import { listPrivateLinks } from '#features/event-types/links/queries.ts'
import { findEventType } from '#features/event-types/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const scope = userScope(ctx)
  const { id, title, slug } = await findEventType(ctx.db, scope, idOf(params.id))
  const after = idOf(url.searchParams.get('after')) || undefined
  const page = await listPrivateLinks(ctx, scope, { eventTypeId: id, after })
  return {
    ...{ id, title, slug, ...page, after: after ?? null },
    origin: ctx.config.url.origin,
    now: ctx.clock.now().epochMilliseconds,
  }
}

export const actions: Actions = {
  create: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const text = (name: string) => String(form.get(name) ?? '').trim()
      const [name, email] = [text('personName'), text('personEmail')]
      const { id } = await createPrivateLink(ctx, {
        eventTypeId: idOf(event.params.id),
        label: text('label'),
        mostUses: text('uses') === '' ? null : Number(text('uses')),
        expiresAt: expiryOf(ctx, text('days')),
        person: name === '' && email === '' ? null : { name, email },
      })
      return { made: id }
    }),
  revoke: (event) =>
    formAction(event, async (form) => {
      await revokePrivateLink(event.locals.ctx, { eventTypeId: idOf(event.params.id), id: idOf(form.get('id')) })
      return { revoked: true }
    }),
}

function expiryOf({ clock }: Ctx, days: string): string | null {
  return /^\d{1,3}$/.test(days)
    ? clock
        .now()
        .add({ hours: 24 * Number(days) })
        .toString()
    : null
}
