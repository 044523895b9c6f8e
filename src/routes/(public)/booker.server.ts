import { address } from 'virtual:booker-island'
import { type ActionFailure, type Cookies, error, isActionFailure, type RequestEvent } from '@sveltejs/kit'
import { Temporal } from 'temporal-polyfill'
import { preferredAmong } from '#features/availability/preferred.ts'
import { type OfferKey, offerKeyOf } from '#features/availability/queries.ts'
import { listSeats, nearestStarts, nextStart } from '#features/availability/starts/queries.ts'
import type { Own } from '#features/availability/taken/queries.ts'
import type { Offer } from '#features/availability/types.ts'
import { bornAt, isBorn } from '#features/bookings/bot-check/rules.ts'
import { BOOKING_FORM } from '#features/bookings/creation/commands.ts'
import { offeredOccurrences } from '#features/bookings/series/queries.ts'
import {
  addressOf,
  type BookerProps,
  type BookerState,
  type BookingValues,
  encodeStarts,
  type FormRefusal,
  layoutOf,
  type MonthSlots,
  type PlaceOption,
  spanOfMonth,
  weekOf,
} from '#features/bookings/ui/booker.ts'
import { companionsIn, fieldsIn } from '#features/bookings/ui/typed.ts'
import type { PrivateLink } from '#features/event-types/links/types.ts'
import { questionsWhen } from '#features/event-types/questions/types.ts'
import {
  type EventType,
  type EventTypeOptions,
  isShownToAll,
  LAYOUTS,
  type Layout,
  type Location,
  placeText,
  VISITORS_ZONE,
} from '#features/event-types/types.ts'
import { deriveKey, hashToken, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { FieldProblem } from '#platform/errors.ts'
import type { FormProblem } from '#platform/http/kit.ts'
import { type MessageKey, messagesOf, translatorFor } from '#platform/i18n/messages.ts'
import { formatBrief, formatDayTime, isTimeZone, localDateOf } from '#ui/dates.ts'
import { questionsAsked } from './answers.server.ts'
import { type Away, awayIn } from './away.server.ts'
import { noteSearch } from './empty-search.server.ts'
import { linkAt, offerOf } from './offer.server.ts'
import { habitsOfVisitor } from './visitor.server.ts'

/** What is offered on this page, and whose time does not count as taken. */
export interface Offered {
  offer: Offer
  own: Own
  /** How many seats are moved. */
  seats?: number
  /** The private link that led here. */
  link?: { token: string; person: PrivateLink['person'] }
  /** Username of today, where it was asked for under a former one. */
  movedTo?: string | undefined
}

export const HOLD_COOKIE = 'hold'

/** The browser lets go of its hold. The cookie is taken back as it was given: a Secure one is not believed over plain http. */
export function forgetHold({ cookies, locals }: Pick<RequestEvent, 'cookies' | 'locals'>): void {
  cookies.delete(HOLD_COOKIE, { path: '/', secure: locals.ctx.config.url.protocol === 'https:' })
}
/** Months after today's that are shown; the query behind computes no further. */
const HORIZON_MONTHS = 36
const MOST_ALTERNATIVES = 6
const LONGEST_PREFILL = 5000
const MOST_EXTRA = 40
const MOST_OCCURRENCES = 60

/** @throws 404 */
export async function offerAt(event: RequestEvent, address: { user: string; slug: string }): Promise<Offered> {
  const { cookies } = event
  const found = await offerOf(event, address)
  if (!found) error(404, 'event_type_not_found')
  return { offer: found.offer, own: ownHold(cookies), movedTo: found.movedTo }
}

/** Address of the page of an offer: `/ada/talk`, `/ada+bob/30`. */
export function pathOf({ offer: { host, coHosts, eventType } }: Offered): string {
  return `/${[host, ...coHosts.map((one) => one.host)].map(({ username }) => username).join('+')}/${eventType.slug}`
}

/** @throws 404, link_expired, link_used_up, link_revoked */
export async function offerBehind(event: RequestEvent, { token }: { token: string }): Promise<Offered> {
  const { offer, link } = await linkAt(event, token)
  return { offer, own: ownHold(event.cookies), link: { token, person: link.person } }
}

/** What is booked and held on this page. */
export function keyOf({ offer }: Offered): OfferKey {
  return offerKeyOf(offer)
}

export function ownHold(cookies: Cookies): Own {
  const token = cookies.get(HOLD_COOKIE)
  return token ? { holdTokenHash: hashToken(token) } : {}
}

const NOTHING = { starts: [] as number[], left: new Map<number, number>() }

/** The starts of a month, and the next one after it when it has none. */
async function slotsOf(
  ctx: Ctx,
  { offer, own: before }: Offered,
  { month, duration, timeZone }: Pick<BookerState, 'month' | 'duration' | 'timeZone'>,
): Promise<{ slots: MonthSlots; starts: number[] }> {
  const own = { ...before, timeZone }
  const now = ctx.clock.now().epochMilliseconds
  const span = spanOfMonth(month)
  const beyond =
    span.start > ctx.clock.now().toZonedDateTimeISO('UTC').add({ months: HORIZON_MONTHS }).epochMilliseconds
  if (beyond) return { slots: { starts: [], next: null }, starts: [] }
  const { starts, left } = span.end <= now ? NOTHING : await listSeats(ctx, offer, duration, span, own)
  const empty = !starts.some((start) => localDateOf(start, timeZone).startsWith(month))
  const next = empty ? await nextStart(ctx, offer, duration, Math.max(now, span.start), own) : null
  const shown = offer.eventType.seats?.showFree
    ? { left: Object.fromEntries([...left].map(([start, n]) => [start / 60_000, n])) }
    : {}
  const liked = preferredAmong(offer, duration, starts)
  const preferred = liked.length > 0 ? { preferred: encodeStarts(liked) } : {}
  return { slots: { starts: encodeStarts(starts), next, ...shown, ...preferred }, starts }
}

/** Answers the island's question for a month. @throws 400 */
export async function monthAnswer(event: RequestEvent, offered: Offered): Promise<Response> {
  const { ctx } = event.locals
  const { searchParams } = event.url
  const month = monthOf(searchParams.get('month'))
  const duration = Number(searchParams.get('duration'))
  if (!month || !offered.offer.eventType.durations.includes(duration)) error(400, 'invalid_input')
  const timeZone = zoneOf(searchParams.get('cal.tz')) ?? offered.offer.hours.timeZone
  const { slots } = await slotsOf(ctx, offered, { month, duration, timeZone })
  return Response.json(slots, { headers: { 'cache-control': 'no-store' } })
}

export interface BookerPage {
  props: BookerProps
  /** Address of the script that takes the booker over. */
  island: string
  /** `?overlayCalendar=true`: what compares with a calendar of the visitor is open. */
  comparing: boolean
  lost: LostTime | null
  away: Away[]
}

export interface LostTime {
  time: string
  alternatives: { label: string; href: string }[]
}

interface BookerOptions {
  path: string
  moving?: BookerProps['moving']
}

/** Everything that the page of an offer shows beside the words of its host. */
export async function loadBooker(event: RequestEvent, offered: Offered, options: BookerOptions): Promise<BookerPage> {
  const { ctx } = event.locals
  const { eventType, host } = offered.offer
  const visitor = habitsOfVisitor(ctx.locale, event.request.headers.get('accept-language'), event.cookies)
  const now = ctx.clock.now().epochMilliseconds
  const zone = visitorZone(event, offered.offer)
  const choosingZone = event.url.searchParams.has('zones') && !isFixed(eventType.timeZoneLock)
  const query = withTypedStart(event)
  const durations = durationsOf(eventType.durations, options.moving)
  const layouts = layoutsOf(eventType.layouts)
  const asked = askedState(query, { zone: zone.timeZone, durations, now, layouts })
  const { state, slots, starts } = await firstView(ctx, offered, {
    ...asked,
    hourCycle: clockOf(event, visitor.hourCycle),
  })
  if (!asked.explicit) await noteSearch(event, offered.offer, starts[0] ?? slots.next)
  const refusal = refusalOf(ctx, event.locals.formProblem)
  const typed = event.locals.formProblem?.values ?? event.locals.typed
  const form = questionsAsked(
    questionsWhen(eventType.questions, Boolean(options.moving)),
    event.url.searchParams,
    typed,
  )
  const lost =
    state.slot !== null && !refusal && !starts.includes(state.slot)
      ? {
          start: state.slot,
          alternatives: await alternativesTo(ctx, withZone(offered, zone.timeZone), state.slot, state.duration),
        }
      : null

  const props: BookerProps = {
    locale: visitor.locale,
    texts: bookerTexts(ctx),
    mode: options.moving ? 'move' : 'book',
    path: options.path,
    extra: extraOf(event.url.searchParams),
    zoneInAddress: zone.asked,
    zoneGuessed: zone.guessed,
    zoneLocked: eventType.timeZoneLock !== null && !choosingZone,
    choosingZone,
    durations,
    places: eventType.locations.map(placeOf),
    questions: form.questions,
    splitName: eventType.splitName,
    asksCode: asksCode(event.locals.formProblem, eventType.verifyEmail),
    requiresConfirmation: eventType.requiresConfirmation,
    guests: eventType.guests && eventType.seats === null,
    recurrence: options.moving ? null : eventType.recurrence,
    series: await seriesAt(ctx, withZone(offered, zone.timeZone), options.moving ? null : state.slot, state.duration),
    seats: eventType.seats && {
      count: eventType.seats.count,
      shown: eventType.seats.showFree,
      most: eventType.seats.maxPerBooking,
    },
    preferred: eventType.preferred?.show ?? null,
    emailFixed: Boolean(offered.link?.person),
    hostName: offered.offer.coHosts.length > 0 ? eventType.title : host.name,
    weekStart: visitor.weekStart,
    state: lost ? { ...state, slot: null } : state,
    slots,
    beside: await besideOf(
      ctx,
      withZone(offered, zone.timeZone),
      { ...state, date: state.date ?? firstDate(starts, state) },
      visitor.weekStart,
    ),
    layouts,
    now,
    values: {
      ...valuesOf(
        broughtAlong(event.url.searchParams, offered, options.moving ? null : bookerOf(event, offered)),
        typed,
      ),
      answers: form.answers,
    },
    refusal,
    idempotencyKey: uuidv7(),
    born: bornOf(ctx, offered, typed),
    moving: options.moving ?? null,
  }
  return {
    props,
    island: address,
    comparing: event.url.searchParams.get('overlayCalendar') === 'true',
    lost: lost && lostTime(props, lost),
    away: awayIn(offered.offer, now, state.month, visitor.locale),
  }
}

/** When the form was first shown, where the event type looks at that and nobody is signed in. */
function bornOf({ actor, clock, config }: Ctx, { offer }: Offered, typed: FormProblem['values'] | undefined) {
  if (!offer.eventType.botCheck || actor.kind === 'user') return null
  const now = clock.now().epochMilliseconds
  const key = deriveKey(config.secret, BOOKING_FORM)
  const before = typed?.born
  return typeof before === 'string' && isBorn(before, now, key) ? before : bornAt(now, key)
}

/** The first is the one that is meant when none is named: a booking that is moved stays as long as it is. */
function durationsOf(offered: number[], moving: BookerProps['moving'] | undefined): number[] {
  const present = moving ? (moving.end - moving.start) / 60_000 : null
  if (present === null || !offered.includes(present)) return offered
  return [present, ...offered.filter((one) => one !== present)]
}

/** The dates of a series that begins with the chosen start. */
async function seriesAt(ctx: Ctx, { offer, own }: Offered, start: number | null, duration: number) {
  if (offer.eventType.recurrence === null || start === null) return null
  return offeredOccurrences(ctx, offer, { start, duration, own })
}

/** Answers the island's question for the dates of a series. @throws 400 */
export async function seriesAnswer(event: RequestEvent, offered: Offered): Promise<Response> {
  const { ctx } = event.locals
  const { searchParams } = event.url
  const start = instantOf(searchParams.get('start'))
  const duration = Number(searchParams.get('duration'))
  if (start === null || !offered.offer.eventType.durations.includes(duration)) error(400, 'invalid_input')
  const zone = zoneOf(searchParams.get('cal.tz')) ?? offered.offer.hours.timeZone
  const dates = await seriesAt(ctx, withZone(offered, zone), start, duration)
  return Response.json(dates ?? [], { headers: { 'cache-control': 'no-store' } })
}

/** In the words of the page: a time that was asked for and is not to be had, and links to others near it. */
function lostTime(props: BookerProps, { start, alternatives }: { start: number; alternatives: number[] }): LostTime {
  const style = { ...props.state, locale: props.locale }
  return {
    time: formatDayTime(start, style),
    alternatives: alternatives.map((slot) => ({
      label: formatBrief(slot, style),
      href: addressOf(props, { ...props.state, slot }),
    })),
  }
}

/** The month that was asked for. When none was and this one has nothing left, the month of the first start there is. */
async function firstView(ctx: Ctx, offered: Offered, { explicit, ...state }: BookerState & { explicit: boolean }) {
  const view = await slotsOf(ctx, offered, state)
  if (explicit || view.slots.next === null) return { state, ...view }
  const month = localDateOf(view.slots.next, state.timeZone).slice(0, 7)
  const later = { ...state, month }
  return { state: later, ...(await slotsOf(ctx, offered, later)) }
}

/** The default first. */
function layoutsOf({ enabled, default: first }: EventTypeOptions['layouts']): Layout[] {
  return [first, ...LAYOUTS.filter((one) => one !== first && enabled.includes(one))]
}

/** The first day of the month that has times. */
function firstDate(starts: readonly number[], { month, timeZone }: BookerState): string {
  const dates = starts.map((start) => localDateOf(start, timeZone))
  return dates.find((date) => date.startsWith(month)) ?? `${month}-01`
}

/** The month beside the one that is asked for, when the week that is shown reaches into it. */
async function besideOf(
  ctx: Ctx,
  offered: Offered,
  state: BookerState & { date: string },
  weekStart: number,
): Promise<BookerProps['beside']> {
  if (state.layout !== 'week' || state.slot !== null) return null
  const month = weekOf(state.date, weekStart)
    .map((date) => date.slice(0, 7))
    .find((one) => one !== state.month)
  return month === undefined ? null : { month, slots: (await slotsOf(ctx, offered, { ...state, month })).slots }
}

function withZone({ offer, own }: Offered, timeZone: string): Offered {
  return { offer, own: { ...own, timeZone } }
}

async function alternativesTo(ctx: Ctx, { offer, own }: Offered, wanted: number, duration: number) {
  return nearestStarts(ctx, offer, duration, wanted, MOST_ALTERNATIVES, own)
}

function askedState(
  query: URLSearchParams,
  { zone, durations, now, layouts }: { zone: string; durations: number[]; now: number; layouts: Layout[] },
): Omit<BookerState, 'hourCycle'> & { explicit: boolean } {
  const slot = instantOf(query.get('slot'))
  const date = slot === null ? dateOf(query.get('date')) : localDateOf(slot, zone)
  const month = date?.slice(0, 7) ?? monthOf(query.get('month'))
  const wished = Number(query.get('duration'))
  return {
    month: month ?? localDateOf(now, zone).slice(0, 7),
    date,
    duration: durations.includes(wished) ? wished : (durations[0] as number),
    timeZone: zone,
    layout: layoutOf(query.get('layout'), layouts),
    slot,
    explicit: month !== null,
  }
}

/** A form that is shown again stays at its time, even where its address did not name one. */
function withTypedStart({ url, locals }: RequestEvent): URLSearchParams {
  const { start, duration } = locals.formProblem?.values ?? {}
  if (typeof start !== 'string' || url.searchParams.has('slot')) return url.searchParams
  return new URLSearchParams([
    ...url.searchParams,
    ['slot', start],
    ...(typeof duration === 'string' ? [['duration', duration]] : []),
  ])
}

/** Without a script nothing tells the zone of the visitor: there it can be said even where the page is locked to it. */
const isFixed = (lock: EventTypeOptions['timeZoneLock']) => lock !== null && lock !== VISITORS_ZONE

/**
 * The only one there is; otherwise asked for in the address, chosen here before, guessed from the last visit, or the host's. Where
 * the page is locked to that of the visitor it stays a guess, which gives way to what the browser says.
 */
export function visitorZone({ url, cookies }: Pick<RequestEvent, 'url' | 'cookies'>, { eventType, hours }: Offer) {
  const { timeZoneLock } = eventType
  if (timeZoneLock !== null && isFixed(timeZoneLock)) return { timeZone: timeZoneLock, asked: false, guessed: false }
  const asked = zoneOf(url.searchParams.get('cal.tz'))
  const locked = timeZoneLock !== null
  const chosen = asked ?? (locked ? null : zoneOf(cookies.get('cal.tz') ?? null))
  const timeZone = chosen ?? zoneOf(cookies.get('zone') ?? null) ?? hours.timeZone
  return { timeZone, asked: asked !== null, guessed: locked || chosen === null }
}

/** Without JavaScript the clock is switched by a link, and remembered. */
function clockOf({ url, cookies, locals }: RequestEvent, usual: BookerState['hourCycle']): BookerState['hourCycle'] {
  const asked = url.searchParams.get('clock')
  if (asked !== 'h12' && asked !== 'h23') return usual
  const secure = locals.ctx.config.url.protocol === 'https:'
  cookies.set('clock', asked, { path: '/', maxAge: 31_536_000, sameSite: 'lax', httpOnly: false, secure })
  return asked
}

function zoneOf(text: string | null): string | null {
  return text !== null && /^[A-Za-z][\w+/-]{0,63}$/.test(text) && isTimeZone(text) ? text : null
}

function monthOf(text: string | null): string | null {
  return text !== null && /^2\d{3}-(0[1-9]|1[0-2])$/.test(text) ? text : null
}

function dateOf(text: string | null): string | null {
  if (text === null || !/^2\d{3}-\d\d-\d\d$/.test(text)) return null
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch (reason) {
    if (reason instanceof RangeError) return null
    throw reason
  }
}

function instantOf(text: string | null): number | null {
  if (text === null || text.length > 40) return null
  try {
    const at = Temporal.Instant.from(text).epochMilliseconds
    return monthOf(localDateOf(at, 'UTC').slice(0, 7)) ? at : null
  } catch (reason) {
    if (reason instanceof RangeError) return null
    throw reason
  }
}

const OWN_PARAMETERS = new Set(['month', 'date', 'slot', 'duration', 'cal.tz', 'zones', 'clock', 'layout'])

/** What is not ours stays in every link: prefilled answers, `utm_…`, `metadata[…]`. */
export function extraOf(query: URLSearchParams): [string, string][] {
  return [...query]
    .filter(([name]) => !OWN_PARAMETERS.has(name) && !name.startsWith('/'))
    .slice(0, MOST_EXTRA)
    .map(([name, value]) => [name.slice(0, 100), value.slice(0, LONGEST_PREFILL)])
}

/** Whoever is signed in, as far as they book for themselves: hosts look at their page, or book there for others. */
function bookerOf({ locals: { session } }: RequestEvent, { offer: { host, coHosts } }: Offered): Person | null {
  const isHost = [host, ...coHosts.map((one) => one.host)].some(({ id }) => id === session?.account.id)
  return session && !isHost ? session.account : null
}

type Person = NonNullable<PrivateLink['person']>

/** What the query prefills; a link that was made for somebody says who that is, and what it leaves open is of who is signed in. */
function broughtAlong(query: URLSearchParams, { link }: Offered, own: Person | null): URLSearchParams {
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
function valuesOf(query: URLSearchParams, typed: FormProblem['values'] | undefined): Omit<BookingValues, 'answers'> {
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

/** What anybody may know of a place. */
function placeOf(location: Location): PlaceOption {
  const { kind, label = '' } = location
  const video = kind === 'link' && location.video
  return { kind, video, label, text: isShownToAll(location) ? placeText(location) : '' }
}

/** The one place there is, for the head of the page; null when one is chosen, or there is none. */
export function onlyPlace({ locations: [first, ...others] }: Pick<EventType, 'locations'>): PlaceOption | null {
  return first && others.length === 0 ? placeOf(first) : null
}

/** The texts that the island needs: its own, and two of the controls in it. */
function bookerTexts({ locale }: Ctx): Record<string, string> {
  const controls = Object.entries(messagesOf(locale, ['ui'])).filter(([key]) => /^ui\.(optional|noZone)$/.test(key))
  return { ...messagesOf(locale, ['booker']), ...Object.fromEntries(controls) }
}

/** Once a code was asked for, until it is accepted. */
function asksCode(problem: FormProblem | undefined, always: boolean): boolean {
  if (!problem) return false
  return (
    problem.values.code !== undefined ||
    ['mail_code_required', 'mail_code_wrong', ...(always ? ['rate_limited'] : [])].includes(problem.code)
  )
}

/** Codes that are about one field. */
const FIELD_OF_CODE: Record<string, string> = {
  email_not_admitted: 'email',
  guest_guarded: 'guests',
  mail_code_wrong: 'code',
  party_too_large: 'quantity',
  not_enough_seats: 'quantity',
  companions_too_many: 'companions',
  phone_required: 'phone',
  place_required: 'place',
  location_not_offered: 'location',
}

function refusalOf(ctx: Ctx, problem: FormProblem | undefined): FormRefusal | null {
  if (!problem) return null
  const { code, details } = problem
  const text = problemText(ctx, code, details)
  const alternatives = Array.isArray(details.alternatives) ? (details.alternatives as number[]) : []
  const listed = Array.isArray(details.fields) ? (details.fields as FieldProblem[]) : []
  const fields = listed.map(({ path, code: of, values }) => [
    /^(answers|companions)\./.test(path) ? path : (path.split('.')[0] ?? ''),
    problemText(ctx, of, values ?? {}),
  ])
  const own = FIELD_OF_CODE[code]
  const movable = details.offerMove === true && ctx.mail.configured
  return {
    code,
    text,
    alternatives,
    movable,
    fields: { ...Object.fromEntries(fields), ...(own ? { [own]: text } : {}) },
  }
}

/** The sentence for the code of an expected failure. */
export function problemText({ locale }: Ctx, code: string, details: Record<string, unknown>): string {
  const values = Object.entries(details).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  const t = translatorFor(locale)
  const key = `errors.${code}`
  const text = t(key as MessageKey, Object.fromEntries(values))
  return text === key ? t('errors.unexpected') : text
}

/** A refused form is shown by the load that follows the action in the same request. */
export function keepProblem<T>(
  event: RequestEvent,
  outcome: T | ActionFailure<FormProblem>,
): T | ActionFailure<FormProblem> {
  if (isActionFailure(outcome)) event.locals.formProblem = (outcome as ActionFailure<FormProblem>).data
  return outcome
}
