import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { markNoShow } from '#features/bookings/aftercare/commands.ts'
import { confirmBooking, rejectBooking } from '#features/bookings/answering/commands.ts'
import { cancelBooking, requestAnotherTime } from '#features/bookings/cancellation/commands.ts'
import { addGuests, changeLocation } from '#features/bookings/changes/commands.ts'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { rateBooking } from '#features/bookings/ratings/commands.ts'
import { rescheduleBooking } from '#features/bookings/rescheduling/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'

/** What is done with a booking that is not as whoever does it believes: everything × every such state, by both sides. */

let context: TestContext
let host: TestHost
let asHost: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  asHost = context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
})

const LATER = Date.parse('2026-11-25T09:00:00Z')

async function requested(): Promise<string> {
  await insertEventType(context.services.db, host.id, { requiresConfirmation: true })
  const wish = { start: '2026-11-24T09:00:00Z', name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' }
  const booking = parseInput(createBookingSchema, wish)
  const offer = { username: host.username, slug: 'talk' }
  return (await createBooking(context.visitor, { offer, booking, locale: 'en' })).uid
}

/** Each begins with a request. */
const STATES: Record<string, (uid: string) => Promise<unknown>> = {
  cancelled: (uid) => cancelBooking(context.visitor, { uid, reason: '' }),
  rejected: (uid) => rejectBooking(asHost, { uid, reason: 'Away' }),
  'confirmed and over': async (uid) => {
    await confirmBooking(asHost, { uid })
    context.clock.set('2026-12-24T08:00:00Z')
  },
  'never answered and over': async () => context.clock.set('2026-12-24T08:00:00Z'),
}

const ACTS: Record<string, (ctx: Ctx, uid: string) => Promise<unknown>> = {
  confirm: (ctx, uid) => confirmBooking(ctx, { uid }),
  reject: (ctx, uid) => rejectBooking(ctx, { uid, reason: 'No' }),
  cancel: (ctx, uid) => cancelBooking(ctx, { uid, reason: 'No' }),
  'cancel the rest': (ctx, uid) => cancelBooking(ctx, { uid, reason: 'No', following: true }),
  move: (ctx, uid) => rescheduleBooking(ctx, { uid, start: LATER, reason: 'No' }),
  'ask for another time': (ctx, uid) => requestAnotherTime(ctx, { uid, reason: 'No' }),
  'add guests': (ctx, uid) => addGuests(ctx, uid, { guests: ['ann@example.net'] }),
  'move elsewhere': (ctx, uid) => changeLocation(ctx, uid, { kind: 'in_person', text: 'Elsewhere 1' }),
  'say who did not come': (ctx, uid) => markNoShow(ctx, uid, { attendeeId: null, noShow: true }),
  rate: (ctx, uid) => rateBooking(ctx, uid, { stars: 5 }),
}

/** What belongs to a meeting that took place. */
const RIGHTLY = new Set([
  'confirmed and over: the host may say who did not come',
  'confirmed and over: the attendee may rate',
])

const STALE = /^(already_(cancelled|rejected|over)|not_accepted)$/
/** Or it is for the other side at all times. */
const REFUSED = /^(already_(cancelled|rejected|over)|not_accepted|own_bookings_only|booking_not_found)$/

async function stored(): Promise<string> {
  const { db } = context.services
  const [bookings, attendees, claims] = await Promise.all([
    db.selectFrom('bookings').where('host_id', '=', host.id).selectAll().execute(),
    db.selectFrom('attendees').where('host_id', '=', host.id).selectAll().execute(),
    db.selectFrom('claims').where('host_id', '=', host.id).selectAll().execute(),
  ])
  const events = await db
    .selectFrom('events')
    .select((eb) => eb.fn.countAll().as('n'))
    .execute()
  return JSON.stringify([bookings, attendees, claims, events])
}

const cases = Object.keys(STATES).flatMap((state) =>
  Object.keys(ACTS).flatMap((act) => (['host', 'attendee'] as const).map((who) => [state, who, act] as const)),
)

it.each(cases)('%s: the %s may %s no more', async (state, who, act) => {
  const uid = await requested()
  await STATES[state]?.(uid)
  const before = await stored()
  const outcome = await refusal(ACTS[act]?.(who === 'host' ? asHost : context.visitor, uid) ?? Promise.resolve())
  if (RIGHTLY.has(`${state}: the ${who} may ${act}`)) return expect(outcome).toBe('done')
  expect(outcome).toMatch(who === 'host' && act !== 'rate' ? STALE : REFUSED)
  expect(await stored()).toBe(before)
})
