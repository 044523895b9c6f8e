import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { createPrivateLink } from '../../event-types/links/commands.ts'
import { questionList } from '../../event-types/questions/schema.ts'
import { addBlock, removeBlock } from '../blocks/commands.ts'
import { blockOf } from '../blocks/queries.ts'
import { addGuests } from '../changes/commands.ts'
import { mergeContact, updateContact } from '../contacts/commands.ts'
import { listContacts } from '../contacts/queries.ts'
import { createBooking } from '../creation/commands.ts'
import { addNote, deleteNote } from '../notes/commands.ts'
import { bookingByUid } from '../queries.ts'
import { rateBooking } from '../ratings/commands.ts'
import { reportBooking } from '../reports/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { saveView } from '../views/commands.ts'
import { eraseAttendee, eraseBefore, previewErasure } from './commands.ts'
import { startDueErasures, workOffErasures } from './jobs.ts'
import { listErasures } from './queries.ts'
import { setRetention } from './retention/commands.ts'
import { retentionOf } from './retention/queries.ts'

const MONDAY = '2026-11-23T08:00:00Z'
const ADDRESS = 'zaphod@magrathea.example'
/** Everything that stands for the person, in any column of any table. */
const TRACES = ['zaphod', 'beeblebrox', '5550042', 'pan-galactic']

let context: TestContext
let host: TestHost
let as: Ctx
let eventTypeId: number

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set(MONDAY)
  host = await insertHost(context.services.db)
  as = context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
  const questions = parseInput(questionList, [
    { key: 'drink', type: 'text', label: 'Drink' },
    { key: 'plan', type: 'file', label: 'Plan', options: ['pdf'], max: 1 },
  ])
  eventTypeId = await insertEventType(context.services.db, host.id, {
    title: 'Talk',
    locations: [{ kind: 'attendee_phone' }, { kind: 'attendee_address' }],
    options: { questions, titleTemplate: '{event} with {booker}', excludedEmails: [ADDRESS] },
  })
})
afterEach(async () => {
  await context.services.db.deleteFrom('users').where('id', '=', host.id).execute()
  await context.services.db.deleteFrom('deliveries').execute()
})

/** @param hour of Tuesday in UTC */
async function book(hour: number, more: object = {}) {
  const booking = parseInput(createBookingSchema, {
    start: `2026-11-24T${String(hour).padStart(2, '0')}:00:00Z`,
    ...{ name: 'Zaphod Beeblebrox', email: ADDRESS, timeZone: 'America/New_York', phone: '+1 5550042' },
    ...{ notes: 'Pan-Galactic again', answers: { drink: 'Pan-Galactic Gargle Blaster' }, ...more },
  })
  const bytes = new Uint8Array(Buffer.from('%PDF-1.7\n… pan-galactic', 'latin1'))
  const uploads = [{ key: 'plan', name: 'zaphod.pdf', bytes }]
  return createBooking(as, { offer: { eventTypeId }, booking, locale: 'en', uploads })
}

/** Everything the host has of the person, and a time at which all of it has been. */
async function live(): Promise<{ uid: string }> {
  const { db } = context.services
  const { uid, id } = await book(9)
  const noteId = (await addNote(as, uid, { text: 'Zaphod has two heads' })).id
  await addNote(as, uid, { text: 'Owes Beeblebrox a drink' })
  await deleteNote(as, { id: noteId })
  const attendee = await db.selectFrom('attendees').where('booking_id', '=', id).select('id').executeTakeFirstOrThrow()
  await updateContact(as, attendee.id, { tags: 'president', notes: 'Zaphod, from Magrathea' })
  const { id: blockId } = await addBlock(as, { value: ADDRESS })
  await removeBlock(as, { id: blockId })
  await reportBooking(as, uid, { reason: 'other', note: 'Zaphod stole a ship', block: 'email' })
  await createPrivateLink(as, { eventTypeId, label: 'For Zaphod', person: { name: 'Zaphod', email: ADDRESS } })
  await saveView(as, { name: 'Zaphod', tab: 'past', query: `?q=${encodeURIComponent(ADDRESS)}` })
  await db
    .insertInto('mail_codes')
    .values(
      [
        { event_type_id: eventTypeId, host_id: null, title: null },
        { event_type_id: null, host_id: host.id, title: 'Ada & Zaphod' },
      ].map((purpose) => ({
        ...{ id: crypto.randomUUID(), ...purpose, email: ADDRESS, locale: 'en', attempts: 0 },
        ...{ created_at: context.clock.now(), expires_at: context.clock.now().add({ minutes: 10 }) },
      })),
    )
    .execute()
  await db
    .insertInto('deliveries')
    .values({
      ...{ id: crypto.randomUUID(), event_id: null, subject: `booking:${id}`, kind: 'mail', topic: 'x', version: 0 },
      ...{ target: 'attendee:1', state: 'failed', detail: `550 <${ADDRESS}> unknown` },
      ...{ created_at: context.clock.now(), updated_at: context.clock.now() },
    })
    .execute()
  await sql`update attendees set metadata = '{"who": "zaphod"}', tracking = '{"utm_source": "beeblebrox"}',
      companions = '[{"name": "Ford Beeblebrox", "answers": [{"label": "Meal", "value": "Zaphod eats it"}]}]'
    where id = ${attendee.id}`.execute(db)
  context.clock.set('2026-11-30T08:00:00Z')
  await rateBooking(context.visitor, uid, { stars: 2, comment: 'Not Pan-Galactic enough' })
  return { uid }
}

/** `table.column` of every column in which a trace is found. */
async function tracesOf(words: readonly string[]): Promise<string[]> {
  const { db } = context.services
  const { rows: columns } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public'`.execute(db)
  const found: string[] = []
  for (const { table, column } of columns) {
    const text = sql`case when pg_typeof(t.c) = 'bytea'::regtype then encode(t.c::text::bytea, 'escape') else t.c::text end`
    const { rows } = await sql`
      select from (select ${sql.ref(column)} as c from ${sql.table(table)}) t
      where ${text} ilike any(${words.map((word) => `%${word}%`)}::text[]) limit 1`.execute(db)
    if (rows.length > 0) found.push(`${table}.${column}`)
  }
  return found.sort()
}

describe('forgetting an address', () => {
  it('leaves no trace of the person in any column of any table, and the time as it was', async () => {
    const { uid } = await live()
    expect(await tracesOf(TRACES)).toContain('attendees.email')
    const preview = await previewErasure(as, { email: ` ${ADDRESS.toUpperCase()} ` })
    expect(preview).toEqual({
      ...{ email: ADDRESS, others: [], ahead: 0, blocked: true, earlier: null },
      counts: {
        ...{ people: 1, bookings: 1, answers: 3, files: 1, contacts: 1, notes: 1, ratings: 1, reports: 1 },
        ...{ links: 1, codes: 2, blocks: 1, views: 1, trashed: 2 },
      },
    })
    expect(await tracesOf(TRACES)).toContain('attendees.email')

    expect(await eraseAttendee(as, { email: ADDRESS })).toMatchObject({ done: true })
    expect(await tracesOf(TRACES)).toEqual([])
    const booking = await bookingByUid(as, uid)
    expect(booking).toMatchObject({ status: 'accepted', title: 'Talk', notes: '', location: null })
    expect(booking?.attendees).toMatchObject([
      { kind: 'booker', name: '', email: '', answers: [], timeZone: 'Europe/Berlin' },
    ])
    const stars = await context.services.db.selectFrom('booking_ratings').select(['stars', 'comment']).execute()
    expect(stars).toEqual([{ stars: 2, comment: '' }])
    const everybody = { words: '', tag: '', after: null }
    expect((await listContacts(context.services.db, userScope(as), everybody)).contacts).toEqual([])
  })

  it('is proven by a log that does not say who', async () => {
    await live()
    const { id } = await eraseAttendee(as, { email: ADDRESS })
    const { erasures } = await listErasures(context.services.db, userScope(as), null)
    expect(erasures).toMatchObject([{ id, kind: 'address', counts: { people: 1, bookings: 1, files: 1 } }])
    expect(erasures[0]?.mark).toMatch(/^[0-9a-f]{16}$/)
    expect(erasures[0]?.doneAt).toBe(context.clock.now().toString())
    // Who has the address can ask whether it was forgotten; nobody else's log says so.
    expect(await refusal(previewErasure(as, { email: ADDRESS }))).toBe('nothing_to_erase')
    const other = await insertHost(context.services.db)
    const asOther = context.as({ kind: 'user', userId: other.id, role: 'member', via: 'session' })
    expect((await listErasures(context.services.db, userScope(asOther), null)).erasures).toEqual([])
    const events = await sql<{ payload: object }>`
      select payload from events where subject = ${`erasure:${id}`} order by position`.execute(context.services.db)
    expect(events.rows.map(({ payload }) => payload)).toEqual([
      { erasureId: id, userId: host.id },
      { erasureId: id, userId: host.id },
    ])
  })

  it('takes the address along at which they wanted to meet', async () => {
    await book(9, { location: 1, place: 'Beeblebrox Palace' })
    context.clock.set('2026-11-30T08:00:00Z')
    await eraseAttendee(as, { email: ADDRESS })
    expect(await tracesOf(['palace'])).toEqual([])
  })

  it('keeps them shut out where that is wished', async () => {
    await live()
    await eraseAttendee(as, { email: ADDRESS, keepBlock: 'on' })
    expect(await blockOf(context.services.db, host.id, ADDRESS)).toMatchObject({ kind: 'email' })
    expect(await tracesOf(TRACES)).toEqual(['booker_blocks.value', 'event_types.options'])
  })

  it('takes the other addresses of the same person along', async () => {
    const { uid } = await book(9)
    const second = await book(11, { email: 'z.beeblebrox@example.net' })
    const { db } = context.services
    const attendee = await db
      .selectFrom('attendees')
      .where('booking_id', '=', second.id)
      .select('id')
      .executeTakeFirst()
    await mergeContact(as, attendee?.id ?? 0, { email: ADDRESS })
    context.clock.set('2026-11-30T08:00:00Z')
    expect(await previewErasure(as, { email: ADDRESS })).toMatchObject({
      ...{ others: ['z.beeblebrox@example.net'], counts: { people: 2, bookings: 2, contacts: 2 } },
    })
    await eraseAttendee(as, { email: ADDRESS })
    expect(await tracesOf(TRACES)).toEqual([])
    expect((await bookingByUid(as, uid))?.title).toBe('Talk')
  })

  it('touches nothing of anybody else, nor of another host', async () => {
    await live()
    context.clock.set(MONDAY)
    await book(11, { name: 'Trillian', email: 'trillian@example.net', notes: 'Mice' })
    const other = await insertHost(context.services.db)
    const elsewhere = await insertEventType(context.services.db, other.id)
    const booking = parseInput(createBookingSchema, {
      ...{ start: '2026-11-24T09:00:00Z', name: 'Zaphod', email: ADDRESS, timeZone: 'UTC' },
    })
    await createBooking(context.visitor, { offer: { eventTypeId: elsewhere }, booking, locale: 'en' })
    context.clock.set('2026-11-30T08:00:00Z')
    await eraseAttendee(as, { email: ADDRESS })
    expect(await tracesOf(['trillian', 'Mice'])).toEqual(
      expect.arrayContaining(['attendees.email', 'attendees.name', 'bookings.notes', 'bookings.title']),
    )
    const theirs = context.services.db.selectFrom('attendees').where('host_id', '=', other.id)
    expect(await theirs.select('email').execute()).toEqual([{ email: ADDRESS }])
    await context.services.db.deleteFrom('users').where('id', '=', other.id).execute()
  })

  it('refuses to leave what is still to come without anybody', async () => {
    await book(9)
    const refused = await eraseAttendee(as, { email: ADDRESS }).catch((error) => error)
    expect([refused.code, refused.details]).toEqual(['erasure_has_bookings_ahead', { n: 1 }])
    const preview = await previewErasure(as, { email: ADDRESS })
    expect(preview).toMatchObject({ ahead: 1, counts: { people: 1, bookings: 1, answers: 2, files: 1 } })
    expect(await refusal(eraseAttendee(as, { email: ADDRESS, ahead: 'cancel' }))).toBe('reason_required')
    expect((await bookingByUidOf()).status).toBe('accepted')
  })

  async function bookingByUidOf() {
    return context.services.db
      .selectFrom('bookings')
      .where('host_id', '=', host.id)
      .select(['status', 'title', 'uid', 'reason'])
      .executeTakeFirstOrThrow()
  }

  it('calls off what is to come, and is done at once where no mail can be sent', async () => {
    await book(9)
    expect(await eraseAttendee(as, { email: ADDRESS, ahead: 'cancel', reason: 'As you asked' })).toMatchObject({
      done: true,
    })
    expect(await bookingByUidOf()).toMatchObject({ status: 'cancelled', title: 'Talk', reason: '' })
    const { rows } = await sql`select from claims where host_id = ${host.id}`.execute(context.services.db)
    expect(rows).toEqual([])
    const { erasures } = await listErasures(context.services.db, userScope(as), null)
    expect(erasures).toMatchObject([{ counts: { people: 1, bookings: 1, cancelled: 1 } }])
  })

  it('waits until those concerned have been told, and not for ever', async () => {
    const { db } = context.services
    const sending: Ctx = { ...as, mail: { ...as.mail, configured: true } }
    const { id } = await book(9)
    expect(await eraseAttendee(sending, { email: ADDRESS, ahead: 'cancel', reason: 'As you asked' })).toMatchObject({
      done: false,
    })
    const email = () =>
      db.selectFrom('attendees').where('booking_id', '=', id).select('email').executeTakeFirstOrThrow()
    // Nothing has been planned yet: the reaction to the cancellation is still to run.
    await workOffErasures(sending)
    expect(await email()).toEqual({ email: ADDRESS })
    const now = context.clock.now()
    const delivery = {
      ...{ id: crypto.randomUUID(), event_id: null, subject: `booking:${id}`, kind: 'mail' as const, version: 1 },
      ...{ topic: 'booking.cancelled', target: 'attendee:1', created_at: now, updated_at: now, next_at: now },
    }
    await db.insertInto('deliveries').values(delivery).execute()
    await workOffErasures(sending)
    expect(await email()).toEqual({ email: ADDRESS })
    context.clock.add({ hours: 23 })
    await workOffErasures(sending)
    expect(await email()).toEqual({ email: ADDRESS })
    context.clock.add({ hours: 1 })
    await Promise.all([workOffErasures(sending), workOffErasures(sending)])
    expect(await email()).toEqual({ email: '' })
    const { erasures } = await listErasures(db, userScope(as), null)
    expect(erasures).toMatchObject([{ counts: { people: 1, bookings: 1, cancelled: 1, answers: 2, files: 1 } }])
    expect(await tracesOf([ADDRESS])).toEqual([])
  })

  it('takes guests out of what goes on without them', async () => {
    const { uid } = await book(9, { name: 'Trillian', email: 'trillian@example.net' })
    await addGuests(as, uid, { guests: [ADDRESS] })
    expect((await bookingByUid(as, uid))?.attendees).toHaveLength(2)
    await eraseAttendee(as, { email: ADDRESS })
    expect((await bookingByUid(as, uid))?.attendees).toMatchObject([{ email: 'trillian@example.net' }])
  })

  it('leaves the others of a shared start where they are', async () => {
    const shared = await insertEventType(context.services.db, host.id, {
      slug: 'class',
      options: { seats: { count: 4, showAttendees: true, showFree: true, maxPerBooking: 2 } },
    })
    const sit = (name: string, email: string) => {
      const start = '2026-11-25T09:00:00Z'
      const booking = parseInput(createBookingSchema, { start, name, email, timeZone: 'UTC', notes: `I am ${name}` })
      return createBooking(context.visitor, { offer: { eventTypeId: shared }, booking, locale: 'en' })
    }
    const { id } = await sit('Zaphod', ADDRESS)
    await sit('Ford', 'ford@example.net')
    expect(await eraseAttendee(as, { email: ADDRESS, ahead: 'cancel', reason: 'As asked' })).toMatchObject({
      done: true,
    })
    const seats = await context.services.db
      .selectFrom('attendees')
      .where('booking_id', '=', id)
      .select(['name', 'notes', 'email', 'reason'])
      .orderBy('id')
      .execute()
    expect(seats).toEqual([
      { name: '', notes: '', email: '', reason: '' },
      { name: 'Ford', notes: 'I am Ford', email: 'ford@example.net', reason: '' },
    ])
    const row = await context.services.db.selectFrom('bookings').where('id', '=', id).select(['status', 'seats_taken'])
    expect(await row.executeTakeFirst()).toEqual({ status: 'accepted', seats_taken: 1 })
  })

  it('never catches half of what is booked meanwhile', async () => {
    context.clock.set(MONDAY)
    await book(8)
    context.clock.set('2026-11-24T09:00:00Z')
    const hours = Array.from({ length: 6 }, (_, i) => 10 + i)
    const booked = hours.map((hour) => book(hour).then(() => 'booked'))
    const erased = Array.from({ length: 20 }, () => refusal(eraseAttendee(as, { email: ADDRESS })))
    const outcomes = await Promise.all([...booked, ...erased])
    expect(outcomes.filter((one) => one === 'booked')).toHaveLength(6)
    const rows = await context.services.db
      .selectFrom('attendees as a')
      .innerJoin('bookings as b', 'b.id', 'a.booking_id')
      .where('a.host_id', '=', host.id)
      .select(['a.email', 'a.name', 'b.title', 'b.notes', 'b.ends_at'])
      .execute()
    for (const { email, name, title, notes, ends_at } of rows) {
      const over = ends_at.epochMilliseconds <= context.clock.now().epochMilliseconds
      const whole = email === ADDRESS && name !== '' && title.includes('Zaphod') && notes !== ''
      const gone = email === '' && name === '' && title === 'Talk' && notes === ''
      expect(over ? gone || whole : whole).toBe(true)
    }
    const done = outcomes.filter((one) => one === 'done').length
    expect(done).toBeLessThanOrEqual(1)
    expect(rows.filter(({ email }) => email === '')).toHaveLength(done)
  })
})

describe('forgetting many', () => {
  const asleep = { words: '', tag: '', after: null }
  async function crowd(count: number) {
    const many = await insertHost(context.services.db)
    const type = await insertEventType(context.services.db, many.id)
    await insertManyBookings(context.services.db, {
      ...{ hostId: many.id, eventTypeId: type, count, until: '2026-11-20T09:00:00Z' },
    })
    return { many, ctx: context.as({ kind: 'user', userId: many.id, role: 'owner', via: 'session' }) }
  }
  const known = async (hostId: number) => {
    const { n } = await context.services.db
      .selectFrom('attendees')
      .where('host_id', '=', hostId)
      .where('email', '!=', '')
      .select((eb) => eb.fn.count<number>('email').distinct().as('n'))
      .executeTakeFirstOrThrow()
    return n
  }

  it('takes those whose last booking ended before a day began, batch after batch', async () => {
    const { many, ctx } = await crowd(700)
    // One an hour up to 20 November, 9 h: the last 9 + 1 begin on that day in UTC, and one ends at its beginning.
    expect(await refusal(eraseBefore(ctx, { date: '2026-11-24' }, 'UTC'))).toBe('erasure_date_not_past')
    await eraseBefore(ctx, { date: '2026-11-20' }, 'UTC')
    expect(await refusal(eraseBefore(ctx, { date: '2026-11-20' }, 'UTC'))).toBe('erasure_under_way')
    await Promise.all([workOffErasures(ctx), workOffErasures(ctx)])
    await workOffErasures(ctx)
    expect(await known(many.id)).toBe(10)
    const { erasures } = await listErasures(context.services.db, userScope(ctx), null)
    expect(erasures).toMatchObject([{ kind: 'before', counts: { people: 690, bookings: 690 } }])
    expect(erasures[0]?.doneAt).not.toBeNull()
    expect((await listContacts(context.services.db, userScope(ctx), asleep)).contacts).toHaveLength(10)
  })

  it('goes on after a worker that stopped in the middle', async () => {
    const { many, ctx } = await crowd(250)
    await eraseBefore(ctx, { date: '2026-11-23' }, 'UTC')
    const stopping = new AbortController()
    const batches = { ...ctx, db: ctx.db }
    const run = workOffErasures(batches, stopping.signal)
    stopping.abort()
    await run
    await workOffErasures(ctx)
    expect(await known(many.id)).toBe(0)
    const { erasures } = await listErasures(context.services.db, userScope(ctx), null)
    expect(erasures).toMatchObject([{ counts: { people: 250, bookings: 250 } }])
  })

  it('happens by itself once a timer is set', async () => {
    const { many, ctx } = await crowd(48)
    expect(await retentionOf(ctx.db, userScope(ctx))).toBeNull()
    await startDueErasures(ctx)
    expect(await refusal(setRetention(ctx, { days: '29' }))).toBe('invalid_input/days:field_too_small')
    expect(await refusal(setRetention(ctx, { days: '3651' }))).toBe('invalid_input/days:field_too_large')
    await setRetention(ctx, { days: '30' })
    await startDueErasures(ctx)
    await workOffErasures(ctx)
    expect(await known(many.id)).toBe(48)
    // 30 days after the half of them: bookings end half past each hour.
    context.clock.set('2026-12-19T09:30:01Z')
    await Promise.all([startDueErasures(ctx), startDueErasures(ctx)])
    await workOffErasures(ctx)
    expect(await known(many.id)).toBe(24)
    context.clock.add({ hours: 1 })
    await startDueErasures(ctx)
    expect((await listErasures(ctx.db, userScope(ctx), null)).erasures).toMatchObject([{ kind: 'timer' }])
    context.clock.add({ hours: 24 })
    await startDueErasures(ctx)
    await workOffErasures(ctx)
    expect(await known(many.id)).toBe(0)
    await setRetention(ctx, { days: '' })
    expect(await retentionOf(ctx.db, userScope(ctx))).toBeNull()
  })
})
