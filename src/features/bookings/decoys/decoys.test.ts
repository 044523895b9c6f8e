import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { codeOf } from '#platform/mail/codes.ts'
import { userScope } from '#platform/scope.ts'
import { apiClient } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { unsentMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { updateEmailGuard } from '../../accounts/settings/commands.ts'
import { placeHold } from '../../availability/holds/commands.ts'
import { addBlock, changeBlockAnswer, removeBlock } from '../blocks/commands.ts'
import { listBlocks } from '../blocks/queries.ts'
import { createBooking } from '../creation/commands.ts'
import { eraseAttendee } from '../erasure/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { sendMailCode } from '../verification/commands.ts'
import { decoySweep } from './jobs.ts'
import { decoyByUid } from './queries.ts'

let context: TestContext
let row: TestHost
let host: Ctx
const BLOCKED = 'eve@example.net'
const NINE = '2026-11-23T09:00:00Z'

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  row = await insertHost(context.services.db)
  host = context.as({ kind: 'user', userId: row.id, role: 'owner', via: 'session' })
})

const offer = (settings: TestEventType = {}) => insertEventType(context.services.db, row.id, settings)

function book(email: string, more: object = {}, mayPretend = true, dryRun = false) {
  const booking = parseInput(createBookingSchema, { start: NINE, name: 'Eve', email, timeZone: 'UTC', ...more })
  const key = { username: row.username, slug: 'talk' }
  return createBooking(context.visitor, { offer: key, booking, locale: 'en', mayPretend, dryRun })
}

/** Rows of everything that a booking could leave behind. */
async function traces(): Promise<Record<string, number>> {
  const tables = [
    ...['bookings', 'attendees', 'claims', 'co_hosts', 'series', 'events', 'deliveries', 'contacts', 'booking_files'],
    ...['idempotency_keys', 'holds', 'mail_codes'],
  ]
  const counted = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
        context.services.db,
      )
      return [table, rows[0]?.n ?? -1] as const
    }),
  )
  return Object.fromEntries(counted)
}

const blocks = async () => (await listBlocks(context.services.db, userScope(host), null)).blocks
const shown = (uid: string) => decoyByUid(context.services, uid)

describe('somebody who is to believe that they have booked', () => {
  it('gets what a booking gets, and leaves nothing behind but the attempt', async () => {
    await offer({ locations: [{ kind: 'link', url: 'https://meet.example.org/secret', label: 'Room', video: true }] })
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    const before = await traces()
    const { uid, status, replayed } = await book(BLOCKED, { notes: 'Hello' })
    const after = await traces()
    expect(after).toEqual(before)
    expect({ status, replayed }).toEqual({ status: 'accepted', replayed: false })
    expect(await blocks()).toMatchObject([{ attempts: 1, last: '2026-11-23T08:00:00Z', answer: 'decoy' }])

    const real = await book('bo@example.net')
    expect(uid).toMatch(/^[\w-]+$/)
    expect(uid.length).toBe(real.uid.length)
    const decoy = await shown(uid)
    expect(decoy?.booking).toMatchObject({ uid, status: 'accepted', notes: 'Hello', sequence: 0 })
    expect(decoy?.booking.start.toString()).toBe(NINE)
    expect(decoy?.booking.attendees).toMatchObject([{ name: 'Eve', email: BLOCKED }])
    expect(await shown(real.uid)).toBeNull()
  })

  it('uses up the hold with which they filled in the form', async () => {
    await offer()
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    const before = await traces()
    const key = { username: row.username, slug: 'talk' }
    const { token: holdToken } = await placeHold(context.visitor, { offer: key, start: Date.parse(NINE), duration: 30 })
    expect(await traces()).not.toEqual(before)
    const booking = parseInput(createBookingSchema, { start: NINE, name: 'Eve', email: BLOCKED, timeZone: 'UTC' })
    await createBooking(context.visitor, { offer: key, booking, locale: 'en', mayPretend: true, holdToken })
    expect(await traces()).toEqual(before)
  })

  it('uses up the code that proves their address', async () => {
    await offer({ options: { verifyEmail: true } })
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    expect(await refusal(book(BLOCKED))).toBe('mail_code_required')
    const { db } = context.services
    const { id: eventTypeId } = await db
      .selectFrom('event_types')
      .where('user_id', '=', row.id)
      .select('id')
      .executeTakeFirstOrThrow()
    const id = crypto.randomUUID()
    const now = context.clock.now()
    const sent = { id, event_type_id: eventTypeId, email: BLOCKED, locale: 'en', attempts: 0 }
    await db
      .insertInto('mail_codes')
      .values({ ...sent, created_at: now, expires_at: now.add({ minutes: 10 }) })
      .execute()
    const code = codeOf(context.services, id)
    expect(await refusal(book(BLOCKED, { code }))).toBe('done')
    expect(await refusal(book(BLOCKED, { code, start: '2026-11-23T10:00:00Z' }))).toBe('mail_code_wrong')
  })

  it('gets the first answer again under the same key, as for a booking', async () => {
    await offer()
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    const offered = { username: row.username, slug: 'talk' }
    const send = (start = NINE) => {
      const booking = parseInput(createBookingSchema, { start, name: 'Eve', email: BLOCKED, timeZone: 'UTC' })
      const asked = { booking, locale: 'en', mayPretend: true, idempotencyKey: 'page' } as const
      return createBooking(context.visitor, { offer: offered, ...asked })
    }
    const all = await Promise.all(Array.from({ length: 50 }, () => send()))
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(1)
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await shown(all[0]?.uid ?? '')).not.toBeNull()
    expect(await refusal(send('2026-11-23T10:00:00Z'))).toBe('idempotency_key_reused')
    expect(await blocks()).toMatchObject([{ attempts: 1 }])
    expect(
      await context.services.db.selectFrom('bookings').where('host_id', '=', row.id).select('id').execute(),
    ).toEqual([])
  })

  it('whose address is guarded proves it first, as everybody does, and guests stay theirs to bring', async () => {
    const { db } = context.services
    await offer({ options: { guests: true } })
    await addBlock(host, { value: 'example.org', answer: 'decoy' })
    const owner = await insertHost(db)
    const email = `${owner.username}@example.org`
    await db.updateTable('users').set({ email_proven_at: context.clock.now() }).where('id', '=', owner.id).execute()
    const session = context.as({ kind: 'user', userId: owner.id, role: 'member', via: 'session' })
    await updateEmailGuard(session, { emailGuarded: 'on' })
    const before = await traces()
    expect(await refusal(book(email))).toBe('mail_code_required')
    expect(await refusal(book('eve@example.org', { guests: [email] }))).toMatch(/^guest_guarded/)
    expect(await traces()).toEqual(before)
    expect(await blocks()).toMatchObject([{ attempts: 0 }])

    await sendMailCode(
      { ...context.visitor, mail: unsentMail },
      {
        ...{ offer: { username: row.username, slug: 'talk' }, email, locale: 'en', anew: true },
      },
    )
    const { id } = await db.selectFrom('mail_codes').where('email', '=', email).select('id').executeTakeFirstOrThrow()
    const code = codeOf(context.services, id)
    const wrong = code === '000000' ? '000001' : '000000'
    expect(await refusal(book(email, { code: wrong }))).toBe('mail_code_wrong')
    const { uid } = await book(email, { code })
    expect((await shown(uid))?.booking.attendees).toMatchObject([{ email }])
    const after = await traces()
    // All that is new is the mail with the code.
    expect(after).toEqual({ ...before, deliveries: (before.deliveries ?? 0) + 1 })
    expect(await blocks()).toMatchObject([{ attempts: 1 }])
    expect(await refusal(book(email, { code, start: '2026-11-23T10:00:00Z' }))).toBe('mail_code_wrong')
  })

  it('learns nothing that only who has booked learns', async () => {
    await offer({
      locations: [{ kind: 'link', url: 'https://meet.example.org/secret', label: 'Room', video: true }],
      options: { seats: { count: 5, showAttendees: true, showFree: true, maxPerBooking: 1 } },
    })
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    await book('bo@example.net', { name: 'Bo Secret' })
    const { uid } = await book(BLOCKED)
    const text = JSON.stringify(await shown(uid))
    const { email } = await context.services.db
      .selectFrom('users')
      .where('id', '=', row.id)
      .select('email')
      .executeTakeFirstOrThrow()
    for (const secret of ['meet.example.org', 'Bo Secret', 'bo@example.net', email]) expect(text).not.toContain(secret)
    expect(text).toContain('"others":[]')
  })

  it('is told the place where everybody is, or where they said it', async () => {
    const shownTo = async (location: object, more: object) => {
      await context.services.db.deleteFrom('event_types').where('user_id', '=', row.id).execute()
      await offer({ locations: [location] as never })
      return (await shown((await book(BLOCKED, more)).uid))?.booking.location
    }
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    expect(await shownTo({ kind: 'in_person', address: 'Lane 7', shown: 'always' }, {})).toMatchObject({
      address: 'Lane 7',
    })
    expect(await shownTo({ kind: 'in_person', address: 'Lane 7', shown: 'after_booking' }, {})).toBeNull()
    expect(await shownTo({ kind: 'attendee_phone' }, { phone: '+49 30 123456' })).toMatchObject({
      kind: 'attendee_phone',
    })
  })

  it('sees all dates of a series, and asks in vain where confirmation is asked', async () => {
    const recurrence = { frequency: 'weekly' as const, interval: 1, count: 3 }
    await offer({ requiresConfirmation: true, options: { recurrence } })
    await addBlock(host, { value: '@example.net', answer: 'decoy' })
    const before = await traces()
    const occurrences = [NINE, '2026-11-30T09:00:00Z', '2026-12-07T09:00:00Z']
    const { uid, status } = await book(BLOCKED, { occurrences })
    expect(await traces()).toEqual(before)
    expect(status).toBe('pending')
    const decoy = await shown(uid)
    expect(decoy?.booking.series).toMatchObject({ occurrence: 1, count: 3 })
    expect(decoy?.dates.map(({ start }) => new Date(start).toISOString().slice(0, 10))).toEqual([
      ...['2026-11-23', '2026-11-30', '2026-12-07'],
    ])
    expect((await shown(decoy?.dates[2]?.uid ?? ''))?.booking.series).toMatchObject({ occurrence: 3 })
  })

  it('is refused what everybody is refused, in the same words', async () => {
    await offer()
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    const same = async (more: object) => {
      const [blocked, other] = [await refusal(book(BLOCKED, more)), await refusal(book('bo@example.net', more))]
      expect(blocked).toBe(other)
      return blocked
    }
    expect(await same({ start: '2026-11-23T03:00:00Z' })).toBe('slot_not_offered')
    expect(await same({ duration: 47 })).toBe('duration_not_offered')
    expect(await same({ quantity: 3 })).toBe('party_too_large')
    await book('bo@example.net')
    expect(await same({})).toBe('slot_taken')
    expect(await blocks()).toMatchObject([{ attempts: 0 }])
  })

  it('holds no time: fifty at once, and the time is still free', async () => {
    await offer()
    await addBlock(host, { value: '@example.net', answer: 'decoy' })
    const tries = await Promise.all(Array.from({ length: 50 }, (_, n) => refusal(book(`eve${n}@example.net`))))
    // Rivals for the same time see what rivals see.
    expect(new Set(tries).size).toBeLessThanOrEqual(2)
    expect(tries).toContain('done')
    const done = tries.filter((one) => one === 'done').length
    expect(await blocks()).toMatchObject([{ attempts: done }])
    expect(await refusal(book('bo@example.org'))).toBe('done')
  })

  it('is not counted when nothing was to be kept, and told what everybody is', async () => {
    await offer()
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    expect(await refusal(book(BLOCKED, {}, true, true))).toBe('dry_run_passed')
    expect(await blocks()).toMatchObject([{ attempts: 0 }])
  })
})

describe('somebody who is refused', () => {
  it('is counted, but for attempts that were to keep nothing', async () => {
    await offer()
    await addBlock(host, { value: BLOCKED })
    expect(await refusal(book(BLOCKED))).toBe('booking_refused')
    expect(await refusal(book(BLOCKED))).toBe('booking_refused')
    expect(await refusal(book(BLOCKED, {}, true, true))).toBe('booking_refused')
    expect(await blocks()).toMatchObject([{ attempts: 2, answer: 'refuse' }])
  })

  it('is so over the API, whatever pages pretend', async () => {
    await offer()
    await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    const answer = await apiClient(context).post('/v2/bookings', {
      start: NINE,
      username: row.username,
      eventTypeSlug: 'talk',
      attendee: { name: 'Eve', email: BLOCKED, timeZone: 'UTC' },
    })
    expect(answer).toMatchObject({ code: 'booking_refused' })
    expect(await blocks()).toMatchObject([{ attempts: 1 }])
  })

  it('is so where their address is refused although their domain is pretended to', async () => {
    await offer()
    await addBlock(host, { value: '@example.net', answer: 'decoy' })
    await addBlock(host, { value: BLOCKED })
    expect(await refusal(book(BLOCKED))).toBe('booking_refused')
    expect(await refusal(book('mal@example.net'))).toBe('done')
  })
})

describe('what is shown', () => {
  it('changes with the answer of the block, which only its host gives', async () => {
    await offer()
    const { id } = await addBlock(host, { value: BLOCKED })
    const other = context.as({
      kind: 'user',
      userId: (await insertHost(context.services.db)).id,
      role: 'owner',
      via: 'session',
    })
    expect(await refusal(changeBlockAnswer(other, { id, answer: 'decoy' }))).toBe('block_not_found')
    expect(await refusal(changeBlockAnswer(host, { id, answer: 'maybe' }))).toMatch(/^invalid_input\/answer/)
    await changeBlockAnswer(host, { id, answer: 'decoy' })
    expect(await refusal(book(BLOCKED))).toBe('done')
    // Blocked once more, without and with another answer.
    expect((await addBlock(host, { value: BLOCKED })).id).toBe(id)
    expect(await blocks()).toMatchObject([{ answer: 'decoy' }])
    expect((await addBlock(host, { value: BLOCKED, answer: 'refuse' })).id).toBe(id)
    await changeBlockAnswer(host, { id, answer: 'refuse' })
    expect(await refusal(book(BLOCKED))).toBe('booking_refused')
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from events where name = 'booker_block.changed'
      and subject = ${`booker-block:${id}`}`.execute(context.services.db)
    expect(rows[0]?.n).toBe(3)
  })

  it('is gone when its time has come, when the block is lifted, and when its booker is forgotten', async () => {
    await offer()
    const { id } = await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    const first = await book(BLOCKED)
    context.clock.set('2026-11-23T09:29:00Z')
    expect(await shown(first.uid)).not.toBeNull()
    context.clock.set('2026-11-23T09:30:00Z')
    expect(await shown(first.uid)).toBeNull()
    const count = async () =>
      (await context.services.db.selectFrom('decoys').where('block_id', '=', id).select('uid').execute()).length
    expect(await count()).toBe(1)
    await decoySweep.run(context.visitor, AbortSignal.timeout(10_000))
    expect(await count()).toBe(0)

    context.clock.set('2026-11-23T08:00:00Z')
    await book(BLOCKED)
    await eraseAttendee(host, { email: BLOCKED, keepBlock: 'on' })
    expect(await count()).toBe(0)
    const last = await book(BLOCKED)
    await removeBlock(host, { id })
    expect(await shown(last.uid)).toBeNull()
  })

  it('is bounded: the oldest give way', async () => {
    await offer()
    const { id } = await addBlock(host, { value: BLOCKED, answer: 'decoy' })
    const { db } = context.services
    const { uid } = await book(BLOCKED)
    await sql`insert into decoys (uid, block_id, email, content, created_at, expires_at)
      select 'later' || n, block_id, email, content, created_at + interval '1 minute', expires_at
      from decoys, generate_series(1, 120) n where uid = ${uid}`.execute(db)
    context.clock.set('2026-11-23T08:10:00Z')
    const latest = await book(BLOCKED, { start: '2026-11-23T10:00:00Z' })
    const kept = await db.selectFrom('decoys').where('block_id', '=', id).select('uid').execute()
    expect(kept).toHaveLength(100)
    expect(kept.map((one) => one.uid)).toContain(latest.uid)
    expect(kept.map((one) => one.uid)).not.toContain(uid)
  })
})
