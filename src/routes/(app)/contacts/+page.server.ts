import { requireSession } from '#app/session.ts'
import { PAGE_SIZES } from '#features/bookings/arrangement/schema.ts'
import { listContacts, listTags } from '#features/bookings/contacts/queries.ts'
import { canonicalMailAddress } from '#platform/fields.ts'
import { userScope } from '#platform/scope.ts'
import { formatShort } from '#ui/dates.ts'
import type { PageServerLoad } from './$types'

const USUAL_SIZE = 50

export const load: PageServerLoad = async ({ locals, url }) => {
  const { ctx } = locals
  const { timeZone, hourCycle } = requireSession(locals).account
  const text = (name: string) => (url.searchParams.get(name) ?? '').replace(/\p{C}/gu, ' ').trim().slice(0, 200)
  const [words, tag] = [text('q'), text('tag')]
  const after = canonicalMailAddress(text('after'))
  const size = PAGE_SIZES.find((one) => String(one) === url.searchParams.get('size')) ?? USUAL_SIZE
  const scope = userScope(ctx)
  const [{ contacts, next }, tags] = await Promise.all([
    listContacts(ctx.db, scope, { words, tag, after, size }),
    listTags(ctx.db, scope),
  ])
  const found = { ...(words && { q: words }), ...(tag && { tag }) }
  const long = (rows: number): Record<string, string> => (rows === USUAL_SIZE ? {} : { size: String(rows) })
  const path = (pairs: Record<string, string>) => {
    const query = new URLSearchParams(pairs).toString()
    return `/contacts${query && `?${query}`}`
  }
  const style = { locale: ctx.locale, timeZone, hourCycle }
  return {
    contacts: contacts.map((contact) => ({ ...contact, last: formatShort(Date.parse(contact.lastAt), style) })),
    tags: tags.map((one) => ({
      ...one,
      href: path({ ...(words && { q: words }), tag: one.tag, ...long(size) }),
    })),
    ...{ words, tag, continued: after !== null, everybody: path(long(size)) },
    sizes: PAGE_SIZES.map((rows) => ({ rows, href: path({ ...found, ...long(rows) }), current: rows === size })),
    size: size === USUAL_SIZE ? null : size,
    next: next && path({ ...found, ...long(size), after: next }),
  }
}
