import { type RequestEvent, redirect } from '@sveltejs/kit'
import { signInPath } from '#app/gate.ts'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { bookingError } from '#features/bookings/errors.ts'
import { broughtBy } from '#features/bookings/metadata/schema.ts'
import { sendMoveLinks } from '#features/bookings/move-links/commands.ts'
import { type CreateBooking, createBookingSchema, idempotencyKey, splitNameSchema } from '#features/bookings/schema.ts'
import { answersIn, companionsIn, fieldsIn } from '#features/bookings/ui/typed.ts'
import { orSendMailCode, sendMailCode } from '#features/bookings/verification/commands.ts'
import { renderMarkdown } from '#features/event-types/markdown.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { filesInForm } from './answers.server.ts'
import { extraOf } from './asked.server.ts'
import { loadBooker, onlyPlace } from './booker.server.ts'
import { avatarOf, facePlate, tellSearchEngines } from './face.server.ts'
import { forgetHold, HOLD_COOKIE, keyOf, type Offered } from './offered.server.ts'
import { previewOf } from './preview.server.ts'
import { keepProblem } from './refusal.server.ts'
import { sharedOffer } from './shared.server.ts'
import { splitAddresses } from './values.server.ts'

/** What the page of an offer shows, wherever it is found. */
export async function offerPage(event: RequestEvent, offered: Offered, path: string) {
  const { eventType, host, coHosts } = offered.offer
  const shared = sharedOffer(offered)
  return {
    // What somebody was sent says so itself.
    indexed: !offered.link && tellSearchEngines(event, shared?.indexed ?? false),
    face: facePlate(event, host),
    coHosts: coHosts.map((one) => ({
      ...{ name: one.host.name, username: one.host.username },
      avatar: avatarOf(one.host),
    })),
    title: eventType.title,
    description: renderMarkdown(eventType.description),
    preview: shared && previewOf(event, shared),
    durations: eventType.durations,
    place: onlyPlace(eventType),
    requiresConfirmation: eventType.requiresConfirmation,
    signIn: signInFor(event, offered),
    booker: await loadBooker(event, offered, { path }),
  }
}

/** Where somebody signs in who may not book without, to come back here; null: nobody has to, or they did. */
function signInFor(event: RequestEvent, { offer }: Offered): string | null {
  if (!offer.eventType.accountRequired || event.locals.ctx.actor.kind === 'user') return null
  return signInPath({ method: 'GET', url: event.url })
}

/** The form actions of such a page. */
export function bookingActions<E extends RequestEvent>(offeredTo: (event: E) => Promise<Offered>) {
  return {
    async book(event: E) {
      const outcome = await formAction(event, async (form) => book(event, form, await offeredTo(event)))
      return keepProblem(event, outcome)
    },

    /** Another code is sent to the mail address that is being proven. */
    async code(event: E) {
      const outcome = await formAction(event, async (form) => sendCode(event, form, await offeredTo(event)))
      return keepProblem(event, outcome)
    },

    /** Links to move what is booked are mailed to who has booked it. */
    async links(event: E) {
      const outcome = await formAction(event, async (form) => mailLinks(event, form, await offeredTo(event)))
      return keepProblem(event, outcome)
    },

    /** Another time is looked at: what was typed stays. */
    async keep(event: E) {
      const form = await event.request.formData()
      const values = Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name).map(String)]))
      event.locals.typed = values
    },
  }
}

async function book(event: RequestEvent, form: FormData, offered: Offered): Promise<never> {
  const { cookies, locals, request, url } = event
  const booking = { ...parseBooking(form), ...broughtBy(url.searchParams) }
  const { locale } = locals.ctx
  const wish = { offer: keyOf(offered), email: booking.email, locale }
  const { uid } = await orSendMailCode(locals.ctx, wish, async () =>
    createBooking(locals.ctx, {
      offer: keyOf(offered),
      booking,
      locale,
      holdToken: cookies.get(HOLD_COOKIE),
      idempotencyKey: parseInput(idempotencyKey.optional(), requestKey(request, form, booking.start)),
      linkToken: offered.link?.token,
      uploads: await filesInForm(form),
      trace: traceIn(form),
      dryRun: url.searchParams.get('cal.isBookingDryRun') === 'true',
      mayPretend: true,
    }),
  )
  forgetHold({ cookies, locals })
  const onward =
    offered.offer.eventType.redirect === null ? '' : `/onward?${new URLSearchParams(extraOf(url.searchParams))}`
  redirect(303, `/booking/${uid}${onward}`)
}

function traceIn(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '').slice(0, 200)
  return { born: text('born'), trap: text('homepage') }
}

/** @throws mail_code_required always, which asks for the code */
async function sendCode({ locals: { ctx } }: RequestEvent, form: FormData, offered: Offered): Promise<never> {
  const { email } = parseInput(createBookingSchema.pick({ email: true }), { email: form.get('email') ?? '' })
  await sendMailCode(ctx, { offer: keyOf(offered), email, locale: ctx.locale, anew: true })
  throw bookingError('mail_code_required', { email })
}

/** @throws move_links_sent always, which says so */
async function mailLinks({ locals: { ctx } }: RequestEvent, form: FormData, offered: Offered): Promise<never> {
  const { email } = parseInput(createBookingSchema.pick({ email: true }), { email: form.get('email') ?? '' })
  await sendMoveLinks(ctx, { offer: keyOf(offered), email })
  throw bookingError('move_links_sent', { email })
}

/** @throws invalid_input */
function parseBooking(form: FormData): CreateBooking {
  const { name, ...rest } = bookingOf(form)
  if (!form.has('firstName')) return parseInput(createBookingSchema, { ...rest, name })
  const [firstName, lastName] = ['firstName', 'lastName'].map((part) => String(form.get(part) ?? ''))
  return parseInput(splitNameSchema, { ...rest, firstName, lastName })
}

function bookingOf(form: FormData) {
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const fields = fieldsIn(form)
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
    occurrences: form.getAll('occurrence').map(String),
    quantity: number('quantity'),
    companions: companionsIn(fields),
    notes: text('notes'),
    timeZone: text('timeZone'),
    location: number('location'),
    phone: text('phone'),
    place: text('place'),
    answers: answersIn(fields),
    code: text('code'),
  }
}

/** A client's own key stands as it is. The page's serves several bookings, one after the other: only the same time is the same request. */
function requestKey({ headers }: Request, form: FormData, start: number): string | undefined {
  const own = headers.get('idempotency-key')
  if (own !== null) return own
  const key = form.get('idempotencyKey')
  return typeof key === 'string' && key !== '' ? `${key}/${start}` : undefined
}
