import { requireSession } from '#app/session.ts'
import { listContacts, listTags } from '#features/bookings/contacts/queries.ts'
import { canonicalMailAddress } from '#platform/fields.ts'
import { userScope } from '#platform/scope.ts'
import { formatShort } from '#ui/dates.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { ctx } = locals
  const { timeZone, hourCycle } = requireSession(locals).account
  const text = (name: string) => (url.searchParams.get(name) ?? '').replace(/\p{C}/gu, ' ').trim().slice(0, 200)
  const [words, tag] = [text('q'), text('tag')]
  const after = canonicalMailAddress(text('after'))
  const scope = userScope(ctx)
  const [{ contacts, next }, tags] = await Promise.all([
    listContacts(ctx.db, scope, { words, tag, after }),
    listTags(ctx.db, scope),
  ])
  const kept = { ...(words && { q: words }), ...(tag && { tag }) }
  const style = { locale: ctx.locale, timeZone, hourCycle }
  return {
    contacts: contacts.map((contact) => ({ ...contact, last: formatShort(Date.parse(contact.lastAt), style) })),
    tags: tags.map((one) => ({
      ...one,
      href: `?${new URLSearchParams({ ...(words && { q: words }), tag: one.tag })}`,
    })),
    ...{ words, tag, continued: after !== null },
    next: next && `?${new URLSearchParams({ ...kept, after: next })}`,
  }
}
