import type { Account } from '#features/accounts/types.ts'
import { listContacts } from '#features/bookings/contacts/queries.ts'
import { filtersOf } from '#features/bookings/filters/schema.ts'
import { listBookings } from '#features/bookings/queries.ts'
import { eventTypeChoices } from '#features/event-types/listing/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { formatShort } from '#ui/dates.ts'
import { bestOf } from '../palette/matching.ts'

/** Of each kind. */
const MOST = 5
/** Fewer letters are in nearly everything. */
const LEAST_LETTERS = 2
const MOST_LETTERS = 100

/** What a host has that is called like what was typed. */
export interface Found {
  eventTypes: { id: number; title: string }[]
  /** `when` begins it, in the host's zone and words. */
  bookings: { uid: string; title: string; when: string }[]
  contacts: { id: number; name: string; email: string }[]
}

/** Three statements; of bookings and contacts only the few that are shown are read. */
export async function findOwn(ctx: Ctx, account: Account, typed: string): Promise<Found> {
  const words = typed.replace(/\p{C}/gu, ' ').trim().slice(0, MOST_LETTERS)
  if ([...words].length < LEAST_LETTERS) return { eventTypes: [], bookings: [], contacts: [] }
  const scope = userScope(ctx)
  const { timeZone, hourCycle } = account
  const filters = filtersOf(new URLSearchParams({ q: words }))
  const [eventTypes, { bookings }, { contacts }] = await Promise.all([
    eventTypeChoices(ctx.db, scope),
    listBookings(ctx.db, scope, {
      ...{ tab: 'all', now: ctx.clock.now(), size: MOST },
      narrowed: { filters, timeZone },
    }),
    listContacts(ctx.db, scope, { words, tag: '', after: null, size: MOST }),
  ])
  const style = { locale: ctx.locale, timeZone, hourCycle }
  return {
    eventTypes: bestOf(words, eventTypes, ({ title, slug }) => [title, slug])
      .slice(0, MOST)
      .map(({ id, title }) => ({ id, title })),
    bookings: bookings.map(({ uid, title, start }) => ({
      ...{ uid, title },
      when: formatShort(start.epochMilliseconds, style),
    })),
    contacts: contacts.map(({ id, name, email }) => ({ id, name, email })),
  }
}
