import { requireSession } from '#app/session.ts'
import { addBlock, changeBlockAnswer, removeBlock, restoreBlock } from '#features/bookings/blocks/commands.ts'
import { listBlocks } from '#features/bookings/blocks/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { formatShort } from '#ui/dates.ts'
import { idOf } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { ctx } = locals
  const { timeZone, hourCycle } = requireSession(locals).account
  const style = { locale: ctx.locale, timeZone, hourCycle }
  const after = idOf(url.searchParams.get('after')) || null
  const { blocks, next } = await listBlocks(ctx.db, userScope(ctx), after)
  return {
    blocks: blocks.map(({ last, ...block }) => ({
      ...block,
      when: formatShort(Date.parse(block.since), style),
      tried: last === null ? '' : formatShort(Date.parse(last), style),
    })),
    ...{ next, continued: after !== null },
  }
}

export const actions: Actions = {
  add: (event) =>
    formAction(event, async (form) => {
      const { value } = await addBlock(event.locals.ctx, {
        ...{ value: form.get('value'), answer: form.get('answer') ?? undefined },
      })
      return { added: value }
    }),
  answer: (event) =>
    formAction(event, async (form) => {
      await changeBlockAnswer(event.locals.ctx, { id: idOf(form.get('id')), answer: form.get('answer') })
      return { answered: true }
    }),
  remove: (event) =>
    formAction(event, async (form) => {
      const { key } = await removeBlock(event.locals.ctx, { id: idOf(form.get('id')) })
      return { removed: key }
    }),
  restore: (event) =>
    formAction(event, async (form) => {
      await restoreBlock(event.locals.ctx, { key: form.get('key') })
      return { restored: true }
    }),
}
