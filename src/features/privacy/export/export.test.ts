import ICAL from 'ical.js'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashToken, randomToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { calendarText } from '#platform/icalendar.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { entryOf, placeOf } from '../../bookings/entries/types.ts'
import { listBookings } from '../../bookings/queries.ts'
import { exportCalendar, exportEverything } from './queries.ts'
import { EXPORTED, WITHHELD } from './rules.ts'

const COUNT = 5000
const SECRET = 'no-file-may-hold-this'
let context: TestContext
let host: Ctx
let hostId: number
let other: Ctx

beforeAll(async () => {
  context = await testContext({ now: '2026-11-23T08:00:00Z' })
  const { db } = context.services
  const signIn = async (count: number) => {
    const { id } = await insertHost(db)
    const eventTypeId = await insertEventType(db, id, { title: `Talk of ${id}` })
    await insertManyBookings(db, { hostId: id, eventTypeId, count, until: '2027-01-01T09:00:00Z' })
    return context.as({ kind: 'user', userId: id, role: 'owner', via: 'session' })
  }
  host = await signIn(COUNT)
  other = await signIn(3)
  hostId = userScope(host).userId
})
afterAll(() => context.close())

const exporting = () => ({ now: context.clock.now(), url: context.services.config.url })

async function everything(ctx: Ctx) {
  const pieces: string[] = []
  for await (const piece of exportEverything(ctx.db, userScope(ctx), exporting())) pieces.push(piece)
  return { pieces, data: JSON.parse(pieces.join('')) }
}

describe('what is exported', () => {
  it('is said of every column of every table, and nothing is said twice', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and table_name not like 'schema_migrations%'`.execute(context.services.db)
    const given = EXPORTED.flatMap((one) => [one, ...(one.within ?? [])]).flatMap(({ table, columns }) =>
      columns.map((column) => `${table}.${column}`),
    )
    const kept = (name: string) => name in WITHHELD || `${name.split('.')[0]}.*` in WITHHELD
    const unsaid = rows.map(({ name }) => name).filter((name) => !given.includes(name) && !kept(name))
    expect(unsaid, 'rules.ts says of these neither that their owner gets them nor why not').toEqual([])
    expect(given.filter(kept)).toEqual([])
    expect(new Set(given).size).toBe(given.length)
    const known = new Set(rows.flatMap(({ name }) => [name, `${name.split('.')[0]}.*`]))
    expect([...given, ...Object.keys(WITHHELD)].filter((name) => !known.has(name))).toEqual([])
  })

  it('holds no secret, whatever columns may be called', () => {
    const given = EXPORTED.flatMap((one) => [one, ...(one.within ?? [])]).flatMap(({ columns }) => columns)
    expect(given.filter((column) => /hash|token|secret|sealed|password|seat_uid|prefix/.test(column))).toEqual([])
  })
})

describe('the file of everything', () => {
  it('has every booking with its people once, and nobody else’s', async () => {
    const { data } = await everything(host)
    expect(data).toMatchObject({ format: 'sundial-export/1', exported_at: '2026-11-23T08:00:00Z' })
    expect(Object.keys(data).slice(3)).toEqual(EXPORTED.map(({ name }) => name))
    expect(data.account).toMatchObject([{ id: hostId, time_zone: 'Europe/Berlin' }])
    expect(data.schedules).toMatchObject([
      { name: 'Hours', weekly: [{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }] },
    ])
    expect(data.bookings).toHaveLength(COUNT)
    expect(new Set(data.bookings.map(({ id }: { id: number }) => id)).size).toBe(COUNT)
    for (const { attendees } of data.bookings) expect(attendees).toHaveLength(1)
    expect((await everything(other)).data.bookings).toHaveLength(3)
    expect(JSON.stringify(data)).not.toContain(`Talk of ${userScope(other).userId}`)
  })

  it('never has more than a page in hand', async () => {
    const { pieces } = await everything(host)
    const largest = Math.max(...pieces.map((piece) => piece.length))
    expect(largest).toBeLessThan(pieces.join('').length / 5)
  })

  it('has no secret of any table in it', async () => {
    const { db } = context.services
    const token = randomToken()
    const now = context.clock.now()
    const life = { created_at: now, expires_at: now.add({ hours: 1 }) }
    const { id: eventTypeId } = await db
      .selectFrom('event_types')
      .where('user_id', '=', hostId)
      .select('id')
      .executeTakeFirstOrThrow()
    await db.updateTable('users').set({ password_hash: SECRET }).where('id', '=', hostId).execute()
    await db
      .insertInto('sessions')
      .values({ id: crypto.randomUUID(), user_id: hostId, token_hash: hashToken(token), last_used_at: now, ...life })
      .execute()
    await db
      .insertInto('private_links')
      .values({
        ...{ event_type_id: eventTypeId, token_hash: hashToken('x'), sealed_token: SECRET, label: 'For a friend' },
        ...{ starts: null, expires_at: null, most_uses: null, duration: null, created_at: now },
      })
      .execute()
    await sql`insert into avatars (user_id, content_type, bytes) values (${hostId}, 'image/png', 'picture')`.execute(db)
    const { pieces, data } = await everything(host)
    expect(data.sessions).toHaveLength(1)
    expect(data.private_links).toMatchObject([{ label: 'For a friend' }])
    expect(data.picture).toEqual([{ content_type: 'image/png', bytes: Buffer.from('picture').toString('base64') }])
    const text = pieces.join('')
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain(hashToken(token).toString('hex'))
    expect(text).not.toContain(hashToken(token).toString('base64'))
  })
})

describe('the calendar of everything', () => {
  it('is one that a calendar reads, with every booking in it', async () => {
    let text = ''
    for await (const piece of exportCalendar(host.db, userScope(host), exporting())) text += piece
    const calendar = new ICAL.Component(ICAL.parse(text))
    const events = calendar.getAllSubcomponents('vevent')
    expect(events).toHaveLength(COUNT)
    expect(new Set(events.map((event) => event.getFirstPropertyValue('uid'))).size).toBe(COUNT)
    const cancelled = events.filter((event) => event.getFirstPropertyValue('status') === 'CANCELLED')
    expect(cancelled).toHaveLength(COUNT / 50)
  })

  it('is read and written a page at a time, in one statement each', async () => {
    const before = context.database.count.statements
    const sizes: number[] = []
    for await (const piece of exportCalendar(host.db, userScope(host), exporting())) sizes.push(piece.length)
    // The head and the tail beside the pages.
    expect([sizes.length, context.database.count.statements - before]).toEqual([COUNT / 500 + 2, COUNT / 500])
    expect(Math.max(...sizes)).toBeLessThan(sizes.reduce((sum, size) => sum + size, 0) / 5)
  })

  it('says of each booking what its entry says, and nothing of private ones', async () => {
    const { db } = context.services
    const [own, with_] = [await insertHost(db), await insertHost(db)]
    const types: number[] = []
    for (const [n, options] of [{}, { privateEntry: true }, { hideNotes: true, hideHostEmail: true }].entries())
      types.push(await insertEventType(db, own.id, { slug: `talk${n}`, options }))
    await insertManyBookings(db, { hostId: own.id, eventTypeId: null, count: 12, until: '2026-12-01T09:00:00Z' })
    // The fourth of each four has none.
    await sql`update bookings set event_type_id = (${types}::int8[])[1 + id % 4] where host_id = ${own.id}`.execute(db)
    await insertManyBookings(db, { hostId: with_.id, eventTypeId: null, count: 1, until: '2026-12-05T09:00:00Z' })
    await sql`update bookings set sequence = id % 3, notes = 'Bring; the, "plan"' || chr(10) || '🙂',
      location = '{"kind": "in_person", "address": "Main Street 1, Ulm"}', status = case when id % 3 = 0 then 'rejected' else status end,
      created_at = starts_at - interval '3 days' where host_id in (${own.id}, ${with_.id})`.execute(db)
    // With several people, with seats of which one was given back, of who was forgotten, and hosted with others.
    const { rows } = await sql<{ id: number }>`
      select id from bookings where host_id in (${own.id}, ${with_.id}) order by id`.execute(db)
    const [guests, seats, forgotten, shared] = [rows[0]?.id, rows[1]?.id, rows[2]?.id, rows.at(-1)?.id]
    await sql`insert into attendees (booking_id, host_id, kind, name, email, time_zone, locale)
      values (${guests}, ${own.id}, 'guest', 'A guest', 'guest@example.net', 'UTC', 'en')`.execute(db)
    await sql`update bookings set seats = 4, seats_taken = 1 where id = ${seats}`.execute(db)
    await sql`insert into attendees (booking_id, host_id, kind, name, email, time_zone, locale, seat_uid, cancelled_by, cancelled_at)
      values (${seats}, ${own.id}, 'booker', 'Gone', 'gone@example.net', 'UTC', 'en', 'seat-that-was-given-back-0000', 'host', now())`.execute(
      db,
    )
    await sql`update attendees set name = '', email = '' where booking_id = ${forgotten}`.execute(db)
    await sql`insert into co_hosts (booking_id, host_id, position) values (${shared}, ${own.id}, 0)`.execute(db)

    const ctx = context.as({ kind: 'user', userId: own.id, role: 'owner', via: 'session' })
    const { now, url } = exporting()
    const { bookings } = await listBookings(db, userScope(ctx), { tab: 'all', now, size: 100 })
    expect(bookings).toHaveLength(13)
    const events = bookings.map((booking) =>
      entryOf(booking, {
        ...{ url, stamp: booking.createdAt, description: booking.notes, place: placeOf(booking.location) },
        ...{ link: `${url.origin}/bookings/detail/${booking.uid}`, neutral: booking.title, mailbox: null },
      }),
    )
    expect(new Set(events.map(({ isPrivate }) => isPrivate)).size).toBe(2)
    let text = ''
    for await (const piece of exportCalendar(db, userScope(ctx), { now, url })) text += piece
    expect(text).toBe(calendarText({ events }))
  })
})
