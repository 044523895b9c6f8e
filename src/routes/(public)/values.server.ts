import type { RequestEvent } from '@sveltejs/kit'
import { bornAt, isBorn } from '#features/bookings/bot-check/rules.ts'
import { BOOKING_FORM } from '#features/bookings/creation/commands.ts'
import type { BookingValues } from '#features/bookings/ui/booker.ts'
import { companionsIn, fieldsIn } from '#features/bookings/ui/typed.ts'
import type { PrivateLink } from '#features/event-types/links/types.ts'
import { deriveKey } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { FormProblem } from '#platform/http/kit.ts'
import { LONGEST_PREFILL } from './asked.server.ts'
import type { Offered } from './offered.server.ts'

const MOST_OCCURRENCES = 60

type Person = NonNullable<PrivateLink['person']>

/** Whoever is signed in, as far as they book for themselves: hosts look at their page, or book there for others. */
export function bookerOf({ locals: { session } }: RequestEvent, { offer: { host, coHosts } }: Offered): Person | null {
  const isHost = [host, ...coHosts.map((one) => one.host)].some(({ id }) => id === session?.account.id)
  return session && !isHost ? session.account : null
}

/** What the query prefills; a link that was made for somebody says who that is, and what it leaves open is of who is signed in. */
export function broughtAlong(query: URLSearchParams, { link }: Offered, own: Person | null): URLSearchParams {
  if (link?.person) {
    const { name, email } = link.person
    return new URLSearchParams([['name', name], ...[...query].filter(([key]) => key !== 'email'), ['email', email]])
  }
  if (!own) return query
  const named = ['name', 'firstName', 'lastName'].some((key) => query.has(key))
  // The address of somebody else does not get one's own name.
  const another = query.has('email') && query.get('email')?.toLowerCase() !== own.email.toLowerCase()
  const brought = new URLSearchParams(query)
  if (!named && !another) brought.set('name', own.name)
  if (!query.has('email')) brought.set('email', own.email)
  return brought
}

/** What was typed before, or what the link brings along. */
export function valuesOf(
  query: URLSearchParams,
  typed: FormProblem['values'] | undefined,
): Omit<BookingValues, 'answers'> {
  const all = (name: string) => (typed ? [typed[name] ?? []].flat() : query.getAll(name))
  const one = (name: string) => (all(name)[0] ?? '').slice(0, LONGEST_PREFILL)
  const [first = '', ...rest] = one('name').trim().split(/\s+/)
  return {
    name: one('name'),
    firstName: one('firstName') || first,
    lastName: one('lastName') || rest.join(' '),
    email: one('email'),
    phone: one('phone'),
    place: one('place'),
    location: /^\d{1,2}$/.test(one('location')) ? one('location') : '0',
    guests: [...all('guest'), ...all('guests').flatMap(splitAddresses)].filter(Boolean).slice(0, 20),
    occurrences: all('occurrence').slice(0, MOST_OCCURRENCES),
    quantity: /^\d{1,4}$/.test(one('quantity')) ? one('quantity') : '1',
    companions: companionsIn(fieldsIn(typed ? Object.entries(typed) : query)),
    notes: one('notes'),
    reason: one('reason'),
    code: typed ? one('code') : '',
  }
}

export function splitAddresses(text: string): string[] {
  return text
    .slice(0, LONGEST_PREFILL)
    .split(/[\s,;]+/)
    .filter(Boolean)
}

/** When the form was first shown, where the event type looks at that and nobody is signed in. */
export function bornOf({ actor, clock, config }: Ctx, { offer }: Offered, typed: FormProblem['values'] | undefined) {
  if (!offer.eventType.botCheck || actor.kind === 'user') return null
  const now = clock.now().epochMilliseconds
  const key = deriveKey(config.secret, BOOKING_FORM)
  const before = typed?.born
  return typeof before === 'string' && isBorn(before, now, key) ? before : bornAt(now, key)
}
