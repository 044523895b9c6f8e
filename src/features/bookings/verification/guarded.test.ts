import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { updateEmailGuard } from '#features/accounts/settings/commands.ts'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import type { MailTransport } from '#platform/mail/transport.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { addGuests } from '../changes/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { bookOnBehalf } from '../on-behalf/commands.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema, rescheduleSchema } from '../schema.ts'
import { sendMailCode } from './commands.ts'
import { mailCode } from './queries.ts'

/** Mails wait: no worker runs here. */
const mail: MailTransport = {
  configured: true,
  send: () => Promise.reject(new Error('nothing is sent here')),
  close: () => Promise.resolve(),
}
const PARALLEL = 50
const NINE = '2026-11-24T09:00:00Z'
const TEN = '2026-11-24T10:00:00Z'

let context: TestContext
let host: TestHost
let eventTypeId: number
let owner: TestHost
let email: string
let further: string

beforeAll(async () => {
  context = await testContext({ mail })
})
afterAll(() => context.close())

beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  const { db } = context.services
  host = await insertHost(db)
  eventTypeId = await insertEventType(db, host.id, { title: 'A talk', options: { guests: true } })
  owner = await insertHost(db)
  email = `${owner.username}@example.org`
  further = `${owner.username}@example.net`
  const now = context.clock.now()
  await db.updateTable('users').set({ email_proven_at: now }).where('id', '=', owner.id).execute()
  await db.insertInto('verified_emails').values({ user_id: owner.id, email: further, verified_at: now }).execute()
  await updateEmailGuard(as(owner), { emailGuarded: 'on' })
})

const as = ({ id }: TestHost): Ctx => context.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
type Key = Parameters<typeof createBooking>[1]['offer']

function book(more: object = {}, ctx = context.visitor, offer: Key = { eventTypeId }) {
  const booking = parseInput(createBookingSchema, { start: NINE, name: 'Bo', email, timeZone: 'UTC', ...more })
  return createBooking(ctx, { offer, booking, locale: 'en' })
}

/** What a code is mailed with, for the latest that was asked for. */
async function asked(address: string, offer: Key = { eventTypeId }) {
  await sendMailCode(context.visitor, { offer, email: address, locale: 'en', anew: true })
  const { id } = await context.services.db
    .selectFrom('mail_codes')
    .where('email', '=', address)
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const letter = await mailCode(context.visitor, id)
  if (!letter) throw new Error('no code')
  return letter
}

const countBookings = async () => (await context.services.db.selectFrom('bookings').select('id').execute()).length

describe('an address whose owner guards it', () => {
  it('books for nobody who does not prove it, and once with the code', async () => {
    expect(await refusal(book())).toBe('mail_code_required')
    const { code } = await asked(email)
    expect(await refusal(book({ code: code === '000000' ? '000001' : '000000' }))).toBe('mail_code_wrong')
    await book({ code })
    expect(await refusal(book({ code, start: TEN }))).toBe('mail_code_wrong')
  })

  it('is guarded in every spelling, and so are further proven addresses', async () => {
    const before = await countBookings()
    expect(await refusal(book({ email: email.toUpperCase() }))).toBe('mail_code_required')
    expect(await refusal(book({ email: email.replace('@', '+shop@') }))).toBe('mail_code_required')
    expect(await refusal(book({ email: further }))).toBe('mail_code_required')
    expect(await countBookings()).toBe(before)
    await book({ email: further, code: (await asked(further)).code })
  })

  it('is asked of nobody who is signed in as its owner, but of who is signed in as another', async () => {
    expect(await refusal(book({}, as(await insertHost(context.services.db))))).toBe('mail_code_required')
    await book({}, as(owner))
    await book({ email: further, start: TEN }, as(owner))
  })

  it('may be shared: who has proven it too is its owner as well', async () => {
    const partner = await insertHost(context.services.db)
    await context.services.db
      .insertInto('verified_emails')
      .values({ user_id: partner.id, email: further, verified_at: context.clock.now() })
      .execute()
    await book({ email: further }, as(partner))
    expect(await refusal(book({ email: further, start: TEN }))).toBe('mail_code_required')
  })

  it('is guarded as long as that is wished, and only when it was proven', async () => {
    const { db } = context.services
    await updateEmailGuard(as(owner), {})
    await book()
    await updateEmailGuard(as(owner), { emailGuarded: 'on' })
    expect(await refusal(book({ start: TEN }))).toBe('mail_code_required')
    await db.updateTable('users').set({ email_proven_at: null }).where('id', '=', owner.id).execute()
    await book({ start: TEN })
  })

  it('is asked for everywhere: seats, series and groups of hosts', async () => {
    const { db } = context.services
    const seats = { count: 5, maxPerBooking: 2, showFree: true, showAttendees: false }
    const shared = await insertEventType(db, host.id, { slug: 'shared', options: { seats } })
    const weekly = await insertEventType(db, host.id, {
      slug: 'weekly',
      options: { recurrence: { frequency: 'weekly', interval: 1, count: 4 } },
    })
    await book({ email: 'bo@example.com' }, context.visitor, { eventTypeId: shared })
    expect(await refusal(book({}, context.visitor, { eventTypeId: shared }))).toBe('mail_code_required')
    const { code } = await asked(email, { eventTypeId: shared })
    await book({ code }, context.visitor, { eventTypeId: shared })

    const dates = { start: TEN, occurrences: [TEN, '2026-12-01T10:00:00Z'] }
    expect(await refusal(book(dates, context.visitor, { eventTypeId: weekly }))).toBe('mail_code_required')
    const series = await asked(email, { eventTypeId: weekly })
    expect(await refusal(book({ ...dates, code }, context.visitor, { eventTypeId: weekly }))).toBe('mail_code_wrong')
    await book({ ...dates, code: series.code }, context.visitor, { eventTypeId: weekly })

    const second = await insertHost(db)
    await db.updateTable('users').set({ group_links: true }).where('id', 'in', [host.id, second.id]).execute()
    const group = { group: [host.username, second.username], minutes: 30 }
    const at = { start: '2026-11-24T14:00:00Z' }
    expect(await refusal(book(at, context.visitor, group))).toBe('mail_code_required')
    const letter = await asked(email, group)
    const again = await asked(email, group)
    const names = await db.selectFrom('users').where('id', 'in', [host.id, second.id]).select('name').execute()
    expect(letter.title.split(' & ').sort()).toEqual(names.map(({ name }) => name).sort())
    expect(await refusal(book({ ...at, code: again.code }))).toBe('mail_code_required')
    await book({ ...at, code: again.code }, context.visitor, group)
    const later = { start: '2026-11-24T15:00:00Z', code: again.code }
    expect(await refusal(book(later, context.visitor, group))).toBe('mail_code_wrong')
  })

  it('cannot be brought as a guest by others; hosts invite and book for it, and its owner brings it', async () => {
    const before = await countBookings()
    const bo = { email: 'bo@example.com' }
    expect(await refusal(book({ ...bo, guests: ['cy@example.com', email] }))).toBe('guest_guarded')
    expect(await refusal(book({ ...bo, guests: [further.replace('@', '+x@')] }))).toBe('guest_guarded')
    expect(await countBookings()).toBe(before)
    await book({ email, guests: [further] }, as(owner))
    const { uid } = await book({ ...bo, start: TEN })
    await addGuests(as(host), uid, { guests: [{ email }] })
    await book({ ...bo, start: '2026-11-24T11:00:00Z', guests: [email] }, as(host))
    await bookOnBehalf(as(host), {
      ...{ eventTypeId, start: '2026-11-24T12:00:00Z', duration: 30, name: 'Bo', email, timeZone: 'UTC' },
      ...{ locale: 'en', mails: true },
    })
  })

  it('is not asked for again when what it booked moves', async () => {
    const { uid } = await book({ code: (await asked(email)).code })
    await rescheduleBooking(context.visitor, { uid, ...parseInput(rescheduleSchema, { start: TEN }) })
  })

  it('books once with one code, however many use it at the same time', async () => {
    const { code } = await asked(email)
    const before = await countBookings()
    const starts = Array.from({ length: PARALLEL }, (_, i) =>
      new Date(
        Date.parse('2026-11-24T08:00:00Z') + (i % 14) * 1_800_000 + Math.floor(i / 14) * 86_400_000,
      ).toISOString(),
    )
    const outcomes = await Promise.all(
      starts.map((start) =>
        book({ code, start }).then(
          () => 'booked',
          (error: { code?: string }) => error.code,
        ),
      ),
    )
    expect(outcomes.filter((one) => one === 'booked')).toHaveLength(1)
    expect(outcomes.filter((one) => one === 'mail_code_wrong')).toHaveLength(PARALLEL - 1)
    expect(await countBookings()).toBe(before + 1)
  })
})

it('the setting is told without saying what, and only to its owner', async () => {
  const { db } = context.services
  const told = await db
    .selectFrom('events')
    .where('subject', '=', `user:${owner.id}`)
    .select(['name', 'payload'])
    .execute()
  expect(told).toEqual([{ name: 'account.email_guard_changed', payload: { userId: owner.id } }])
  expect(await refusal(updateEmailGuard(as(owner), { emailGuarded: 'yes' }))).toMatch(/^invalid_input/)
  expect(await refusal(updateEmailGuard(as(owner), { emailGuarded: 'on', userId: 1 }))).toBe(
    'invalid_input/:field_unknown',
  )
  expect(await refusal(updateEmailGuard(context.visitor, { emailGuarded: 'on' }))).toBe('sign_in_required')
})
