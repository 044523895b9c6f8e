import { redirect } from '@sveltejs/kit'
import { createBooking } from '#features/bookings/commands.ts'
import { type CreateBooking, createBookingSchema, idempotencyKey, splitNameSchema } from '#features/bookings/schema.ts'
import { markdownText, renderMarkdown } from '#features/event-types/markdown.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { answersInForm } from '../../answers.server.ts'
import { extraOf, HOLD_COOKIE, keepProblem, loadBooker, offerAt, splitAddresses } from '../../booker.server.ts'
import { facePlate } from '../../face.server.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const load: PageServerLoad = async (event) => {
  const { params, setHeaders } = event
  setHeaders({ 'cache-control': 'private, no-cache' })
  const offered = await offerAt(event, params)
  const { eventType, host } = offered.offer
  const path = `/${host.username}/${eventType.slug}`
  return {
    face: facePlate(event, host),
    title: eventType.title,
    description: renderMarkdown(eventType.description),
    summary: markdownText(eventType.description, 160),
    hidden: eventType.hidden,
    durations: eventType.durations,
    place: eventType.locations.length === 1 ? (eventType.locations[0] ?? null) : null,
    requiresConfirmation: eventType.requiresConfirmation,
    booker: await loadBooker(event, offered, { path }),
  }
}

export const actions: Actions = {
  async book(event) {
    const { cookies, locals, params } = event
    const outcome = await formAction(event, async (form) => {
      const booking = parseBooking(form)
      const booked = await createBooking(locals.ctx, {
        offer: { username: params.user.toLowerCase(), slug: params.slug.toLowerCase() },
        booking,
        locale: locals.ctx.locale,
        holdToken: cookies.get(HOLD_COOKIE),
        idempotencyKey: parseInput(idempotencyKey.optional(), keyOf(event.request, form, booking.start)),
      })
      cookies.delete(HOLD_COOKIE, { path: '/' })
      redirect(303, await pathAfter(event, booked.uid))
    })
    return keepProblem(event, outcome)
  },

  /** Another time is looked at: what was typed stays. */
  async keep(event) {
    const form = await event.request.formData()
    const values = Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name).map(String)]))
    event.locals.typed = values
  },
}

/** @throws invalid_input */
function parseBooking(form: FormData): CreateBooking {
  const { name, ...rest } = bookingOf(form)
  if (!form.has('firstName')) return parseInput(createBookingSchema, { ...rest, name })
  const [firstName, lastName] = ['firstName', 'lastName'].map((part) => String(form.get(part) ?? ''))
  return parseInput(splitNameSchema, { ...rest, firstName, lastName })
}

/** The page of the booking, or the one that leads on from here. */
async function pathAfter(event: RequestEvent, uid: string): Promise<string> {
  const { offer } = await offerAt(event, event.params)
  if (offer.eventType.redirect === null) return `/booking/${uid}`
  return `/booking/${uid}/onward?${new URLSearchParams(extraOf(event.url.searchParams))}`
}

function bookingOf(form: FormData) {
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const number = (name: string) => (text(name) === undefined ? undefined : Number(text(name)))
  return {
    start: text('start'),
    duration: number('duration'),
    name: text('name'),
    email: text('email'),
    guests: [
      ...form.getAll('guest').map(String),
      ...form.getAll('guests').flatMap((list) => splitAddresses(String(list))),
    ]
      .map((address) => address.trim())
      .filter(Boolean),
    notes: text('notes'),
    timeZone: text('timeZone'),
    location: number('location'),
    phone: text('phone'),
    answers: answersInForm(form),
  }
}

/** A client's own key stands as it is. The page's serves several bookings, one after the other: only the same time is the same request. */
function keyOf({ headers }: Request, form: FormData, start: number): string | undefined {
  const own = headers.get('idempotency-key')
  if (own !== null) return own
  const key = form.get('idempotencyKey')
  return typeof key === 'string' && key !== '' ? `${key}/${start}` : undefined
}
