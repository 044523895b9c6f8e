import { redirect } from '@sveltejs/kit'
import { Temporal } from 'temporal-polyfill'
import { requireSession } from '#app/session.ts'
import { addBlock } from '#features/bookings/blocks/commands.ts'
import { blockOf } from '#features/bookings/blocks/queries.ts'
import { mergeContact, separateContact, updateContact } from '#features/bookings/contacts/commands.ts'
import { addressesOf, attendancesOf, contactById } from '#features/bookings/contacts/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { formatShort } from '#ui/dates.ts'
import { idOf } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { ctx } = locals
  const scope = userScope(ctx)
  const { timeZone, hourCycle } = requireSession(locals).account
  const contact = await contactById(ctx.db, scope, idOf(params.id))
  const after = cursorOf(url.searchParams.get('after'))
  const [{ attendances, next }, blocks] = await Promise.all([
    attendancesOf(ctx.db, scope, addressesOf(contact), after),
    Promise.all(addressesOf(contact).map((email) => blockOf(ctx.db, scope.userId, email))),
  ])
  const style = { locale: ctx.locale, timeZone, hourCycle }
  return {
    contact: { ...contact, first: formatShort(Date.parse(contact.firstAt), style) },
    attendances: attendances.map((one) => ({ ...one, when: formatShort(Date.parse(one.startsAt), style) })),
    next: next && `?after=${next.start}_${next.id}`,
    // The address of the page alone must not say that something was done.
    merged: contact.others.find((email) => email === url.searchParams.get('merged')) ?? null,
    separated: contact.namesakes.find((email) => email === url.searchParams.get('separated')) ?? null,
    // Somebody with one address that is free can book.
    block: blocks.every((one) => one !== null) ? (blocks[0]?.kind ?? null) : null,
    ...{ continued: after !== null, saved: url.searchParams.has('saved') },
  }
}

/** What is none begins at the beginning. */
function cursorOf(text: string | null): { start: string; id: number } | null {
  const [, start = '', id = ''] = /^(\d{4}-\d\d-\d\dT[\d:.]{5,18}Z)_(\d{1,15})$/.exec(text ?? '') ?? []
  if (!id) return null
  try {
    return { start: Temporal.Instant.from(start).toString(), id: Number(id) }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, async (form) => {
      const id = idOf(event.params.id)
      await updateContact(event.locals.ctx, id, { tags: form.get('tags'), notes: form.get('notes') })
      redirect(303, `/contacts/${id}?saved`)
    }),
  merge: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const { id } = await contactById(ctx.db, userScope(ctx), idOf(event.params.id))
      const { email } = await mergeContact(ctx, id, { email: form.get('email') ?? '' })
      redirect(303, `/contacts/${id}?${new URLSearchParams({ merged: email })}`)
    }),
  separate: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const { id } = await contactById(ctx.db, userScope(ctx), idOf(event.params.id))
      const { email } = await separateContact(ctx, id, { email: form.get('email') ?? '' })
      redirect(303, `/contacts/${id}?${new URLSearchParams({ separated: email })}`)
    }),
  block: (event) =>
    formAction(event, async () => {
      const { ctx } = event.locals
      const id = idOf(event.params.id)
      const contact = await contactById(ctx.db, userScope(ctx), id)
      for (const value of addressesOf(contact)) await addBlock(ctx, { value })
      redirect(303, `/contacts/${id}`)
    }),
}
