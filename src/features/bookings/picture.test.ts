import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import {
  askedCode,
  askedStartOf,
  explainPublicly,
  explainStart,
  monthPicture,
} from '../availability/explained/queries.ts'
import { loadOffer } from '../availability/queries.ts'
import { listStarts } from '../availability/starts/queries.ts'
import { bookingsWithin } from '../availability/taken/queries.ts'
import type { Offer } from '../availability/types.ts'
import { createAbsence } from '../schedules/away/commands.ts'
import { chooseHolidays } from '../schedules/holidays/commands.ts'
import { setHostLimits } from '../schedules/limits/commands.ts'
import { createBooking } from './creation/commands.ts'
import { createBookingSchema } from './schema.ts'

let context: TestContext
let host: TestHost
let ctx: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-12-07T08:00:00Z')
  host = await insertHost(context.services.db)
  ctx = context.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
})

async function offer(settings: TestEventType = {}): Promise<Offer> {
  const found = await loadOffer(ctx.db, { eventTypeId: await insertEventType(ctx.db, host.id, settings) })
  if (!found) throw new Error('no offer')
  return found
}

const reload = async ({ eventType }: Offer) => (await loadOffer(ctx.db, { eventTypeId: eventType.id })) as Offer

async function book(start: string): Promise<string> {
  const booking = parseInput(createBookingSchema, { start, name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' })
  const made = await createBooking(context.visitor, {
    offer: { username: host.username, slug: 'talk' },
    booking,
    locale: 'en',
  })
  return made.uid
}

describe('monthPicture', () => {
  it('shows each day with its free starts, or why it has none', async () => {
    const given = await offer({
      durations: [240],
      window: { type: 'fixed', startDate: '2026-12-01', endDate: '2026-12-29' },
    })
    await createAbsence(ctx, { firstDate: '2026-12-09', lastDate: '2026-12-09', reason: 'sick' })
    await chooseHolidays(ctx, { country: 'DE', region: null, off: [] })
    await book('2026-12-10T08:00:00Z')
    await book('2026-12-10T12:00:00Z')
    const month = await monthPicture(ctx, await reload(given), 240, '2026-12')
    const short = new Map(
      month.map(({ date, starts, reasons }) => [
        Number(date.slice(8)),
        starts.length > 0 ? starts.length : reasons.map(({ code, label }) => [code, label].filter(Boolean).join(' ')),
      ]),
    )
    expect(short.size).toBe(31)
    expect([4, 7, 8, 9, 10, 12, 25, 29, 30].map((day) => short.get(day))).toEqual([
      ['past'],
      2,
      2,
      ['away'],
      ['booking'],
      ['closed'],
      ['holiday Christmas Day'],
      2,
      ['window'],
    ])
  })

  it('has the very starts that are listed, with one statement', async () => {
    const given = await offer()
    const before = context.database.count.statements
    const month = await monthPicture(ctx, given, 30, '2027-01')
    expect(context.database.count.statements - before).toBe(1)
    const at = (date: string) => Temporal.PlainDate.from(date).toZonedDateTime('Europe/Berlin').epochMilliseconds
    const listed = await listStarts(ctx, given, 30, { start: at('2027-01-01'), end: at('2027-02-01') })
    expect(month.flatMap(({ starts }) => starts)).toEqual(listed)
    expect(await monthPicture(ctx, given, 30, '2031-01')).toEqual([])
  })

  it('names limits and notice', async () => {
    const given = await offer({ durations: [60], notice: 24 * 60 })
    await setHostLimits(ctx, { bookings: { day: 1 }, minutes: {} })
    await book('2026-12-10T08:00:00Z')
    const month = await monthPicture(ctx, await reload(given), 60, '2026-12')
    const on = (date: string) => month.find((day) => day.date === date)?.reasons.map(({ code }) => code)
    expect(on('2026-12-07')).toEqual(['notice'])
    expect(on('2026-12-10')).toContain('limit')
  })
})

describe('bookingsWithin', () => {
  it('counts those that stand on days of a zone, with one statement', async () => {
    await offer()
    await book('2026-12-10T08:00:00Z')
    await book('2026-12-11T15:30:00Z')
    const periods = [
      { key: 'both', first: '2026-12-10', last: '2026-12-11' },
      { key: 'one', first: '2026-12-11', last: '2026-12-20' },
      { key: 'none', first: '2026-12-12', last: '2026-12-20' },
    ]
    const before = context.database.count.statements
    expect(await bookingsWithin(ctx.db, userScope(ctx), 'Europe/Berlin', periods)).toEqual({ both: 2, one: 1 })
    expect(context.database.count.statements - before).toBe(1)
    // In Tokyo the second is half past midnight of the twelfth.
    const tokyo = await bookingsWithin(ctx.db, userScope(ctx), 'Asia/Tokyo', periods)
    expect(tokyo).toEqual({ both: 1, one: 1, none: 1 })
  })
})

describe('explainStart', () => {
  it('names the booking that is in the way', async () => {
    const given = await offer()
    const uid = await book('2026-12-10T08:00:00Z')
    const start = Date.parse('2026-12-10T08:00:00Z')
    const { explanation, bookings } = await explainStart(ctx, userScope(ctx), given, 30, start)
    expect(explanation.offered).toBe(false)
    expect(explanation.hosts[0]?.reasons).toMatchObject([{ code: 'booking', status: 'accepted', start }])
    expect(bookings).toEqual([{ uid, title: 'A talk', start, end: start + 1_800_000 }])
    const free = await explainStart(ctx, userScope(ctx), given, 30, start + 1_800_000)
    expect(free).toMatchObject({ explanation: { offered: true, reasons: [] }, bookings: [] })
  })

  it('tells nobody else', async () => {
    const given = await offer()
    const other = await insertHost(ctx.db)
    const stranger = context.as({ kind: 'user', userId: other.id, role: 'owner', via: 'session' })
    const asked = explainStart(stranger, userScope(stranger), given, 30, Date.parse('2026-12-10T08:00:00Z'))
    await expect(asked.catch((error) => (isAppError(error) ? error.code : error))).resolves.toBe('event_type_not_found')
  })
})

describe('what anybody may ask', () => {
  it('is answered in a word, for links to some times only too', async () => {
    const given = await offer({ window: { type: 'rolling', days: 30, calendarDays: true } })
    await book('2026-12-08T09:00:00Z')
    const told = async (start: string, asked = given) =>
      explainPublicly(ctx, asked, 30, Date.parse(start), { timeZone: 'Europe/Berlin' })
    expect(await told('2026-12-08T09:00:00Z')).toEqual({ offered: false, reasons: ['taken'] })
    expect(await told('2026-12-08T09:30:00Z')).toEqual({ offered: true, reasons: [] })
    expect(await told('2026-12-08T02:00:00Z')).toEqual({ offered: false, reasons: ['closed'] })
    expect(await told('2026-12-07T07:00:00Z')).toEqual({ offered: false, reasons: ['past', 'closed'] })
    expect(await told('2027-03-09T09:00:00Z')).toEqual({ offered: false, reasons: ['beyond'] })
    expect(await told('2026-12-08T10:10:00Z')).toEqual({ offered: false, reasons: ['start'] })
    const only = { ...given, only: { starts: [Date.parse('2026-12-08T10:00:00Z')], duration: 30 } }
    expect(await told('2026-12-08T09:30:00Z', only)).toEqual({ offered: false, reasons: ['start'] })
    expect(await told('2026-12-08T10:00:00Z', only)).toEqual({ offered: true, reasons: [] })
  })

  it('has a code that leads back to it, and none other does', () => {
    const asked = { eventTypeId: 123_456, duration: 45, start: Date.parse('2027-03-09T09:10:00Z') }
    const code = askedCode(ctx, asked)
    expect(askedStartOf(ctx, ` ${code} `)).toEqual(asked)
    expect(code.length).toBeLessThan(40)
    for (const other of ['', 'x', code.slice(1), `A${code}`, code.toLowerCase(), 'a'.repeat(101)]) {
      expect(askedStartOf(ctx, other)).toBeNull()
    }
    const elsewhere = { config: { ...ctx.config, secret: Buffer.alloc(32, 7) } }
    expect(askedStartOf(elsewhere, code)).toBeNull()
  })
})
