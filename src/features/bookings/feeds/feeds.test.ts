import ICAL from 'ical.js'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { rowsReadBy } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { changeFeedContent, replaceFeedAddress, turnOffFeed, turnOnFeed } from './commands.ts'
import { busyText, feedText } from './content.ts'
import { bookingsOfFeed, busyTimesOfFeed, feedByToken, listFeeds, type OpenFeed } from './queries.ts'
import { busySpan, joinedTimes } from './rules.ts'
import type { FeedKind } from './types.ts'

let context: TestContext
let host: TestHost
let other: TestHost
let ctx: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  host = await insertHost(context.services.db)
  other = await insertHost(context.services.db)
  ctx = asHost(host)
})

const asHost = ({ id }: TestHost, via: 'session' | 'api_key' = 'session') =>
  context.as({ kind: 'user', userId: id, role: 'member', via } as Parameters<typeof context.as>[0])
const url = () => context.services.config.url

async function addressOf(kind: FeedKind): Promise<string> {
  const feed = (await listFeeds(userScope(ctx), ctx)).find((one) => one.kind === kind)
  return feed?.address ?? ''
}

async function tokenOf(kind: FeedKind): Promise<string> {
  return /\/feeds\/([\w-]+)\./.exec(await addressOf(kind))?.[1] ?? ''
}

async function open(kind: FeedKind): Promise<OpenFeed> {
  await turnOnFeed(ctx, { kind })
  const feed = await feedByToken(ctx.db, kind, await tokenOf(kind))
  if (!feed) throw new Error('no feed')
  return feed
}

interface Made {
  start: string
  minutes?: number
  status?: string
  title?: string
  notes?: string
  hostId?: number
  with?: number
  name?: string
  answers?: object[]
}

let made = 0
async function book({ start, minutes = 30, status = 'accepted', ...rest }: Made): Promise<string> {
  made++
  const uid = `booking-${String(made).padStart(20, '0')}`
  const { rows } = await sql<{ id: number }>`
    insert into bookings (uid, host_id, status, title, starts_at, ends_at, time_zone, notes, location, created_at, updated_at)
    values (${uid}, ${rest.hostId ?? host.id}, ${status}, ${rest.title ?? 'A talk'}, ${start}::timestamptz,
      ${start}::timestamptz + ${minutes}::int * interval '1 minute', 'Europe/Berlin', ${rest.notes ?? ''},
      ${JSON.stringify({ kind: 'in_person', address: 'Secret place 7' })}::jsonb, now(), '2026-11-01T00:00:00Z') returning id
  `.execute(ctx.db)
  const id = rows[0]?.id ?? 0
  await sql`
    insert into attendees (booking_id, host_id, kind, name, email, time_zone, locale, answers)
    values (${id}, ${rest.hostId ?? host.id}, 'booker', ${rest.name ?? 'Bo Visitor'}, 'bo@example.net', 'UTC', 'en',
      ${JSON.stringify(rest.answers ?? [])}::jsonb)`.execute(ctx.db)
  if (rest.with)
    await sql`insert into co_hosts (booking_id, host_id, position) values (${id}, ${rest.with}, 0)`.execute(ctx.db)
  return uid
}

async function read(feed: OpenFeed): Promise<string> {
  return feedText(feed, await bookingsOfFeed(ctx.db, feed, context.clock.now()), url())
}

function eventsIn(text: string) {
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((event) => ({
    names: event.getAllProperties().map(({ name }) => name),
    value: (name: string) => String(event.getFirstPropertyValue(name)),
  }))
}

const ANSWER = { key: 'topic', label: 'Topic', type: 'text', hidden: true, value: 'Cogs' }

it('a private booking says nothing in the calendars that read it', async () => {
  const options = { privateEntry: true, hideNotes: true, hideHostEmail: true }
  const id = await insertEventType(ctx.db, host.id, { slug: 'private', options })
  const uid = await book({ start: '2026-11-24T09:00:00Z', title: 'Divorce', notes: 'Bring papers', answers: [ANSWER] })
  await ctx.db.updateTable('bookings').set({ event_type_id: id }).where('uid', '=', uid).execute()
  const text = await read(await open('bookings'))
  const [event] = eventsIn(text)
  expect([event?.value('class'), event?.value('summary')]).toEqual(['PRIVATE', 'Private appointment'])
  expect(text).not.toMatch(/Divorce|papers|Cogs/)
  // It is the host's own calendar, which knows its owner by this address.
  expect(event?.value('organizer')).toMatch(/^mailto:host/)
})

describe('the address of a feed', () => {
  it('is a secret of 256 bits that the tables alone do not tell', async () => {
    const feed = await open('bookings')
    const token = await tokenOf('bookings')
    expect(token).toMatch(/^[\w-]{43}$/)
    const rows = await ctx.db.selectFrom('calendar_feeds').selectAll().where('id', '=', feed.id).execute()
    expect(rows[0]?.token_hash).toEqual(hashToken(token))
    expect(JSON.stringify(rows)).not.toContain(token)
    const elsewhere = { ...ctx, config: { ...ctx.config, secret: Buffer.alloc(32, 7) } }
    expect(await listFeeds(userScope(ctx), elsewhere)).toMatchObject([{ kind: 'bookings', address: null }])
  })

  it('stays when it is turned on again, and by fifty at once is made once', async () => {
    await Promise.all(Array.from({ length: 50 }, () => turnOnFeed(ctx, { kind: 'bookings' })))
    const before = await addressOf('bookings')
    await turnOnFeed(ctx, { kind: 'bookings' })
    expect(await addressOf('bookings')).toBe(before)
    const told = await ctx.db
      .selectFrom('events')
      .where('name', '=', 'calendar_feed.changed')
      .select('payload')
      .execute()
    const { id } = await ctx.db
      .selectFrom('calendar_feeds')
      .where('user_id', '=', host.id)
      .select('id')
      .executeTakeFirstOrThrow()
    expect(told.filter(({ payload }) => (payload as { feedId: number }).feedId === id)).toHaveLength(1)
  })

  it('stops at once when it is replaced or turned off', async () => {
    await open('bookings')
    const first = await tokenOf('bookings')
    await replaceFeedAddress(ctx, { kind: 'bookings' })
    const second = await tokenOf('bookings')
    expect(await feedByToken(ctx.db, 'bookings', first)).toBeNull()
    expect(await feedByToken(ctx.db, 'bookings', second)).not.toBeNull()
    await turnOffFeed(ctx, { kind: 'bookings' })
    expect(await feedByToken(ctx.db, 'bookings', second)).toBeNull()
    expect(await refusal(replaceFeedAddress(ctx, { kind: 'bookings' }))).toBe('feed_not_found')
    expect(await refusal(turnOffFeed(ctx, { kind: 'bookings' }))).toBe('feed_not_found')
    await turnOnFeed(ctx, { kind: 'bookings' })
    expect([first, second]).not.toContain(await tokenOf('bookings'))
  })

  it('is one of those that were last given, whoever replaces it fifty times at once', async () => {
    await open('bookings')
    await Promise.all(Array.from({ length: 50 }, () => replaceFeedAddress(ctx, { kind: 'bookings' })))
    expect(await feedByToken(ctx.db, 'bookings', await tokenOf('bookings'))).toMatchObject({ userId: host.id })
  })

  it('of one kind opens no other, and nothing else opens anything', async () => {
    await open('bookings')
    expect(await feedByToken(ctx.db, 'free_busy', await tokenOf('bookings'))).toBeNull()
    for (const token of ['', "' or 1=1 --", 'x'.repeat(1e5), `${await tokenOf('bookings')}x`])
      expect(await feedByToken(ctx.db, 'bookings', token)).toBeNull()
  })

  it('is made, seen and taken back by its owner in a session only', async () => {
    await open('bookings')
    expect(await listFeeds(userScope(asHost(other)), ctx)).toEqual([])
    expect(await refusal(replaceFeedAddress(asHost(other), { kind: 'bookings' }))).toBe('feed_not_found')
    expect(await refusal(turnOnFeed(asHost(host, 'api_key'), { kind: 'free_busy' }))).toBe('needs_session')
    expect(await refusal(turnOnFeed(context.visitor, { kind: 'free_busy' }))).toBe('sign_in_required')
    for (const input of [{}, { kind: 'all' }, { kind: 'bookings', userId: other.id }, null])
      expect(await refusal(turnOnFeed(ctx, input))).toMatch(/^invalid_input/)
  })
})

describe('the feed of bookings', () => {
  it('has what stands, hosted alone or with others, and tells its host everything', async () => {
    const uid = await book({ start: '2026-11-24T09:00:00Z', notes: 'Bring, a; pen', answers: [ANSWER] })
    await book({ start: '2026-11-25T09:00:00Z', status: 'pending', title: 'Audience' })
    await book({ start: '2026-11-26T09:00:00Z', hostId: other.id, with: host.id, title: 'Ada & Bob' })
    await book({ start: '2026-11-27T09:00:00Z', status: 'cancelled' })
    await book({ start: '2026-11-28T09:00:00Z', status: 'rejected' })
    await book({ start: '2026-11-29T09:00:00Z', hostId: other.id, title: 'Not mine' })
    await book({ start: '2026-08-01T09:00:00Z', title: 'Long ago' })
    await book({ start: '2027-12-24T09:00:00Z', title: 'Far away' })
    const text = await read(await open('bookings'))
    const events = eventsIn(text)
    expect(events.map(({ value }) => [value('dtstart'), value('status')])).toEqual([
      ['2026-11-24T09:00:00Z', 'CONFIRMED'],
      ['2026-11-25T09:00:00Z', 'TENTATIVE'],
      ['2026-11-26T09:00:00Z', 'CONFIRMED'],
    ])
    const [first, , third] = events
    expect(first?.value('summary')).toMatch(/^A talk: Host \d+ & Bo Visitor$/)
    expect(first?.value('location')).toBe('Secret place 7')
    expect(first?.value('description')).toBe(
      `Bo Visitor <bo@example.net>\n\nTopic: Cogs\n\nBring, a; pen\n\nReschedule or cancel: https://book.example.org/bookings/detail/${uid}`,
    )
    expect(third?.value('summary')).toBe('Ada & Bob & Bo Visitor')
    await sql`update attendees set companions = '[{"name": "Cy"}, {"name": "Di"}]'
      where booking_id = (select id from bookings where uid = ${uid})`.execute(ctx.db)
    expect(eventsIn(await read(await open('bookings')))[0]?.value('description')).toMatch(
      /^Bo Visitor <bo@example.net>, Cy, Di\n/,
    )
    expect(text).toMatch(/\r\nX-WR-CALNAME:Bookings of Host \d+\r\n/)
    expect(text).not.toMatch(/METHOD|ATTENDEE/)
  })

  it('without details tells that there is something, and nothing of it', async () => {
    const uid = await book({ start: '2026-11-24T09:00:00Z', notes: 'Hush', title: 'Secret talk', answers: [ANSWER] })
    await book({ start: '2026-11-25T09:00:00Z', status: 'pending' })
    await open('bookings')
    await changeFeedContent(ctx, { kind: 'bookings' })
    const text = await read(await open('bookings'))
    const allowed = ['uid', 'sequence', 'dtstamp', 'dtstart', 'dtend', 'summary', 'transp', 'status']
    for (const { names } of eventsIn(text)) expect(names).toEqual(allowed)
    expect(eventsIn(text).map(({ value }) => [value('summary'), value('status')])).toEqual([
      ['Busy', 'CONFIRMED'],
      ['Busy', 'TENTATIVE'],
    ])
    for (const secret of [uid, 'Hush', 'Secret', 'Bo', 'Cogs', '@example.net']) expect(text).not.toContain(secret)
    await changeFeedContent(ctx, { kind: 'bookings', details: 'true' })
    expect(await read(await open('bookings'))).toContain('Secret talk')
  })

  it('is the same text as long as nothing changes, all day long', async () => {
    await book({ start: '2026-11-24T09:00:00Z' })
    const feed = await open('bookings')
    const before = await read(feed)
    context.clock.add({ hours: 5 })
    expect(await read(feed)).toBe(before)
    await book({ start: '2026-11-24T10:00:00Z' })
    expect(await read(feed)).not.toBe(before)
  })

  it('of ten thousand bookings takes the same two statements as of none', async () => {
    const statements = async () => {
      const before = context.database.count.statements
      const feed = await feedByToken(ctx.db, 'bookings', await tokenOf('bookings'))
      const text = feed ? await read(feed) : ''
      return [context.database.count.statements - before, eventsIn(text).length]
    }
    await turnOnFeed(ctx, { kind: 'bookings' })
    const token = await tokenOf('bookings')
    const listing = 1
    expect(await statements()).toEqual([2 + listing, 0])
    const eventTypeId = await insertEventType(ctx.db, host.id)
    await insertManyBookings(ctx.db, { hostId: host.id, eventTypeId, count: 10_000, until: '2027-11-20T09:00:00Z' })
    const [count, entries] = await statements()
    expect(count).toBe(2 + listing)
    // All but each fiftieth, which is cancelled, and those of before the ninety days.
    expect(entries).toBeGreaterThan(9000)
    expect(token).not.toBe('')
  })

  it('reads each booking of its time once, with who comes', async () => {
    const feed = await open('bookings')
    await insertManyBookings(ctx.db, { hostId: host.id, eventTypeId: null, count: 2000, until: '2027-04-20T09:00:00Z' })
    const inTime = (await bookingsOfFeed(ctx.db, feed, context.clock.now())).length
    expect(inTime).toBeGreaterThan(1900)
    const read = await rowsReadBy(context.database, (db) => bookingsOfFeed(db, feed, context.clock.now()))
    expect(read).toBeLessThan(inTime * 2.2)
  })
})

describe('free/busy times', () => {
  const span = { from: Date.parse('2026-11-23T00:00:00Z'), until: Date.parse('2026-12-07T00:00:00Z') }

  async function busy(): Promise<string> {
    const feed = await open('free_busy')
    const times = await busyTimesOfFeed(ctx.db, feed, span)
    return busyText(feed, times, { url: url(), now: context.clock.now(), span })
  }

  it('tell when, and nothing else', async () => {
    const uid = await book({ start: '2026-11-24T09:00:00Z', notes: 'Hush', title: 'Secret talk' })
    await book({ start: '2026-11-24T09:30:00Z' })
    await book({ start: '2026-11-24T12:00:00Z', status: 'pending' })
    await book({ start: '2026-11-24T13:00:00Z', status: 'cancelled' })
    await book({ start: '2026-11-24T14:00:00Z', hostId: other.id, with: host.id })
    await book({ start: '2026-11-24T15:00:00Z', hostId: other.id })
    await book({ start: '2026-11-22T23:45:00Z' })
    await sql`insert into absences (user_id, first_date, last_date, reason, note, created_at, updated_at)
      values (${host.id}, '2026-11-26', '2026-11-27', 'sick', 'A cold', now(), now())`.execute(ctx.db)
    const text = await busy()
    const [component] = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vfreebusy')
    const told = component
      ?.getAllProperties('freebusy')
      .map((one) => `${one.getParameter('fbtype')} ${one.getFirstValue()}`)
    expect(told).toEqual([
      'BUSY 2026-11-23T00:00:00Z/2026-11-23T00:15:00Z',
      'BUSY 2026-11-24T09:00:00Z/2026-11-24T10:00:00Z',
      'BUSY-TENTATIVE 2026-11-24T12:00:00Z/2026-11-24T12:30:00Z',
      'BUSY 2026-11-24T14:00:00Z/2026-11-24T14:30:00Z',
      'BUSY-UNAVAILABLE 2026-11-25T23:00:00Z/2026-11-27T23:00:00Z',
    ])
    const names = new Set(component?.getAllProperties().map(({ name }) => name))
    expect([...names].sort()).toEqual(['dtend', 'dtstamp', 'dtstart', 'freebusy', 'uid'])
    for (const secret of [uid, 'Hush', 'Secret', 'Bo', 'cold', 'sick', host.username, 'example.net'])
      expect(text).not.toContain(secret)
  })

  it('are holidays that are days off, by the zone of the account, and cut where nothing else is asked about', async () => {
    const holidays = [
      { rule: '11-25', name: 'Founding day', start: '2026-11-25', end: '2026-11-26' },
      { rule: '12-25', name: 'Christmas', start: '2026-12-25', end: '2026-12-25' },
    ]
    await sql`insert into host_availability (user_id, holidays, updated_at)
      values (${host.id}, ${JSON.stringify(holidays)}, now())`.execute(ctx.db)
    const text = await busy()
    expect(text.match(/FREEBUSY;.*/g)).toEqual([
      expect.stringContaining('BUSY-UNAVAILABLE:20261124T230000Z/20261126T230000Z'),
    ])
    expect(text).not.toContain('Founding')
  })

  it('are hours of a day on which somebody is away for hours', async () => {
    await sql`insert into absences (user_id, first_date, last_date, from_minute, to_minute, reason, created_at, updated_at)
      values (${host.id}, '2026-11-24', '2026-11-24', 600, 720, 'travel', now(), now()),
        (${host.id}, '2026-11-25', '2026-11-26', 900, null, 'travel', now(), now())`.execute(ctx.db)
    const [component] = new ICAL.Component(ICAL.parse(await busy())).getAllSubcomponents('vfreebusy')
    expect(component?.getAllProperties('freebusy').map((one) => String(one.getFirstValue()))).toEqual([
      '2026-11-24T09:00:00Z/2026-11-24T11:00:00Z',
      '2026-11-25T14:00:00Z/2026-11-26T23:00:00Z',
    ])
  })

  it('are the half of a holiday that is off, by the clock of the account', async () => {
    const day = (date: string, half: object) => ({ rule: date, name: 'Founding day', start: date, end: date, ...half })
    const holidays = [
      day('2026-11-25', { toMinute: 720 }),
      day('2026-11-27', { fromMinute: 720 }),
      day('2026-11-30', { fromMinute: 780, toMinute: 1020 }),
    ]
    await sql`insert into host_availability (user_id, holidays, updated_at)
      values (${host.id}, ${JSON.stringify(holidays)}, now())`.execute(ctx.db)
    const text = await busy()
    expect(text.match(/FREEBUSY;.*/g)?.map((line) => line.replace(/^.*BUSY-UNAVAILABLE:/, '').trim())).toEqual([
      '20261124T230000Z/20261125T110000Z',
      '20261127T110000Z/20261127T230000Z',
      '20261130T120000Z/20261130T160000Z',
    ])
    expect(text).not.toContain('Founding')
    // Of none of them anything is said beyond its half.
    const morning = { from: Date.parse('2026-11-27T00:00:00Z'), until: Date.parse('2026-11-27T11:00:00Z') }
    expect(await busyTimesOfFeed(ctx.db, await open('free_busy'), morning)).toEqual([])
  })

  it('leave out holds, which come to nothing more often than not', async () => {
    const eventTypeId = await insertEventType(ctx.db, host.id)
    await sql`insert into holds (event_type_id, token_hash, starts_at, ends_at, expires_at)
      values (${eventTypeId}, ${Buffer.alloc(32, made)}, '2026-11-24T09:00:00Z', '2026-11-24T09:30:00Z', '2026-11-24T00:00:00Z')`.execute(
      ctx.db,
    )
    expect(await busy()).not.toContain('FREEBUSY;')
  })

  it('take two statements', async () => {
    await turnOnFeed(ctx, { kind: 'free_busy' })
    const token = await tokenOf('free_busy')
    const before = context.database.count.statements
    const feed = await feedByToken(ctx.db, 'free_busy', token)
    if (feed) await busyTimesOfFeed(ctx.db, feed, span)
    expect(context.database.count.statements - before).toBe(2)
  })

  it('are joined where they meet, one kind by itself, and cut to what is asked', () => {
    const time = (start: number, end: number, kind: 'BUSY' | 'BUSY-TENTATIVE' = 'BUSY') => ({ start, end, kind })
    const all = [time(50, 60), time(0, 10), time(10, 20), time(15, 17), time(18, 30, 'BUSY-TENTATIVE'), time(90, 120)]
    expect(joinedTimes(all, { from: 5, until: 100 })).toEqual([
      time(5, 20),
      time(18, 30, 'BUSY-TENTATIVE'),
      time(50, 60),
      time(90, 100),
    ])
    expect(joinedTimes(all, { from: 30, until: 50 })).toEqual([])
  })

  it('are told of for six weeks, or what was asked for, up to a year', () => {
    const day = 86_400_000
    const now = Date.parse('2026-11-23T08:00:00Z')
    expect(busySpan({}, now)).toEqual({ ok: true, from: now, until: now + 42 * day })
    expect(busySpan({ start: 0 }, now)).toEqual({ ok: true, from: 0, until: 42 * day })
    expect(busySpan({ end: now - 5 * day }, now)).toEqual({ ok: true, from: now - 6 * day, until: now - 5 * day })
    expect(busySpan({ start: now, end: now }, now)).toEqual({ ok: false, reason: 'span_backwards' })
    expect(busySpan({ start: now, end: now + 367 * day }, now)).toEqual({ ok: false, reason: 'span_too_long' })
  })
})
