import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { placeHold, releaseHold } from '../../availability/holds/commands.ts'
import { loadOffer } from '../../availability/queries.ts'
import { listStarts } from '../../availability/starts/queries.ts'
import { markNoShow } from '../aftercare/commands.ts'
import { aftercareOf } from '../aftercare/queries.ts'
import { confirmBooking } from '../answering/commands.ts'
import { bookingsBetween } from '../calendar/queries.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { addGuests } from '../changes/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { exportBookings } from '../exports/queries.ts'
import { filtersOf } from '../filters/schema.ts'
import { addNote } from '../notes/commands.ts'
import { type BookingCursor, bookingByUid, countUnconfirmed, listBookings, ownBooking } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema } from '../schema.ts'
import type { BookingTab } from '../types.ts'

const PARALLEL = 50
const MINUTE = 60_000
/** Tuesday 24 November 2026, 15:00 in Berlin, 09:00 in New York. */
const THREE = Date.parse('2026-11-24T14:00:00Z')

let context: TestContext
let ada: TestHost
let bob: TestHost
let cyd: TestHost

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  ada = await insertHost(context.services.db)
  bob = await insertHost(context.services.db, { timeZone: 'America/New_York' })
  cyd = await insertHost(context.services.db)
})

const group = (...hosts: TestHost[]) => ({ group: hosts.map(({ username }) => username), minutes: 30 })
const as = ({ id }: TestHost) => context.as({ kind: 'user', userId: id, role: 'owner', via: 'session' })

function book(offer: Parameters<typeof createBooking>[1]['offer'], start: number, email = 'vi@example.net') {
  const booking = parseInput(createBookingSchema, {
    ...{ start: new Date(start).toISOString(), name: 'Vi', email, timeZone: 'UTC' },
  })
  return createBooking(context.visitor, { offer, booking, locale: 'en' })
}

async function starts(...hosts: TestHost[]): Promise<number[]> {
  const offer = await loadOffer(context.services.db, group(...hosts))
  if (!offer) throw new Error('no offer')
  const day = { start: Date.parse('2026-11-24T00:00:00Z'), end: Date.parse('2026-11-25T00:00:00Z') }
  return listStarts(context.visitor, offer, 30, day)
}

/** Claims of a host, and pairs of them that overlap. */
async function claims(host: TestHost) {
  const { rows } = await sql<{ count: number; overlaps: number }>`
    select (select count(*) from claims where host_id = ${host.id}) as count,
      (select count(*) from claims a join claims b on a.host_id = b.host_id and a.id < b.id and a.blocked && b.blocked
        where a.host_id = ${host.id}) as overlaps`.execute(context.services.db)
  return rows[0]
}

describe('a group link', () => {
  it('offers what all have free, each by their own clock', async () => {
    // 9 to 17 in Berlin and in New York share 15 to 17 in Berlin.
    expect((await starts(ada, bob)).map((at) => (at - THREE) / MINUTE)).toEqual([0, 30, 60, 90])
    await insertEventType(context.services.db, bob.id)
    await book({ username: bob.username, slug: 'talk' }, THREE + 30 * MINUTE)
    expect((await starts(ada, bob)).map((at) => (at - THREE) / MINUTE)).toEqual([0, 60, 90])
    expect((await starts(bob, ada)).map((at) => (at - THREE) / MINUTE)).toEqual([0, 60, 90])
  })

  it('has the largest notice and buffers that any of them has for this length', async () => {
    await insertEventType(context.services.db, bob.id, { notice: 60, bufferAfter: 20 })
    await insertEventType(context.services.db, ada.id, { notice: 600, bufferBefore: 10 })
    const offer = await loadOffer(context.services.db, group(ada, bob))
    expect(offer?.eventType).toMatchObject({ notice: 600, bufferBefore: 10, bufferAfter: 20, durations: [30] })
    expect((await loadOffer(context.services.db, group(ada, cyd)))?.eventType).toMatchObject({ notice: 600 })
  })

  it('is nothing when one of them is unknown, does not want it, or the length is none', async () => {
    const { db } = context.services
    expect(await loadOffer(db, { group: [ada.username, 'nobody-there'], minutes: 30 })).toBeNull()
    expect(await loadOffer(db, { group: [ada.username, ada.username], minutes: 30 })).toBeNull()
    expect(await loadOffer(db, { group: [ada.username], minutes: 30 })).toBeNull()
    expect(await loadOffer(db, { ...group(ada, bob), minutes: 0 })).toBeNull()
    await db.updateTable('users').set({ group_links: false }).where('id', '=', bob.id).execute()
    expect(await loadOffer(db, group(ada, bob))).toBeNull()
    expect(await refusal(book(group(ada, bob), THREE))).toBe('event_type_not_found')
  })

  it('takes the time of all of them in one booking, which any of them sees and cancels', async () => {
    const { uid } = await book(group(ada, bob), THREE)
    expect(await claims(ada)).toEqual({ count: 1, overlaps: 0 })
    expect(await claims(bob)).toEqual({ count: 1, overlaps: 0 })
    const booking = await bookingByUid(context.visitor, uid)
    expect(booking?.host.id).toBe(ada.id)
    expect(booking?.coHosts.map(({ id }) => id)).toEqual([bob.id])
    expect((await ownBooking(context.services.db, userScope(as(bob)), uid))?.uid).toBe(uid)
    expect(await ownBooking(context.services.db, userScope(as(cyd)), uid)).toBeNull()
    expect(await refusal(cancelBooking(as(bob), { uid, reason: '' }))).toBe('reason_required')
    await cancelBooking(as(bob), { uid, reason: 'ill' })
    expect((await bookingByUid(context.visitor, uid))?.cancelledBy).toBe('host')
    expect((await claims(ada))?.count).toBe(0)
    expect((await claims(bob))?.count).toBe(0)
  })

  it('moves for all of them', async () => {
    const { uid } = await book(group(ada, bob), THREE)
    await rescheduleBooking(context.visitor, { uid, start: THREE + 15 * MINUTE * 2, reason: '' })
    expect(await starts(ada, bob)).not.toContain(THREE + 30 * MINUTE)
    expect(await starts(ada, bob)).toContain(THREE)
    expect(await claims(bob)).toEqual({ count: 1, overlaps: 0 })
  })

  it('is held of all of them while somebody fills in the form, for five minutes and for nobody else', async () => {
    const eventTypeId = await insertEventType(context.services.db, bob.id)
    const hold = await placeHold(context.visitor, { offer: group(ada, bob), start: THREE, duration: 30 })
    expect([(await claims(ada))?.count, (await claims(bob))?.count]).toEqual([1, 1])
    expect(await starts(ada, bob)).not.toContain(THREE)
    expect(await refusal(book({ eventTypeId }, THREE))).toBe('slot_taken')
    expect(await refusal(book(group(cyd, bob), THREE))).toBe('slot_taken')
    const booking = parseInput(createBookingSchema, {
      ...{ start: new Date(THREE).toISOString(), name: 'Vi', email: 'vi@example.net', timeZone: 'UTC' },
    })
    const held = { offer: group(ada, bob), booking, locale: 'en' as const, holdToken: hold?.token ?? '' }
    expect(await refusal(createBooking(context.visitor, held))).toBe('done')
    expect([await claims(ada), await claims(bob)]).toEqual([
      { count: 1, overlaps: 0 },
      { count: 1, overlaps: 0 },
    ])

    const later = THREE + 30 * MINUTE
    const first = await placeHold(context.visitor, { offer: group(ada, bob), start: later, duration: 30 })
    // Another time under the same token gives the first one up; releasing gives the other up.
    const previousToken = first?.token
    const second = await placeHold(context.visitor, {
      ...{ offer: group(ada, bob), start: later + 30 * MINUTE, duration: 30, previousToken },
    })
    expect(await starts(ada, bob)).toEqual([later, later + 60 * MINUTE])
    await releaseHold(context.visitor, second?.token ?? '')
    expect(await starts(ada, bob)).toContain(later + 30 * MINUTE)
    await placeHold(context.visitor, { offer: group(ada, bob), start: later, duration: 30 })
    context.clock.set('2026-11-23T08:05:01Z')
    expect(await refusal(book(group(ada, bob), later))).toBe('done')
  })

  it('is held by one of fifty who want it at once, of all hosts or of none', async () => {
    const groups = [group(ada, bob), group(bob, cyd), group(cyd, ada), group(cyd, bob, ada)]
    const codes = await Promise.all(
      Array.from({ length: PARALLEL }, (_, i) =>
        refusal(placeHold(context.visitor, { offer: groups[i % 4] ?? group(ada, bob), start: THREE, duration: 30 })),
      ),
    )
    // Any two of the groups share a host.
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['done', 'slot_taken']))
    const { rows } = await sql<{ broken: number }>`
      select count(*) as broken from holds h where event_type_id is null
        and not exists (select from claims c where c.hold_id = h.id)`.execute(context.services.db)
    expect(rows[0]?.broken).toBe(0)
  })

  it('takes as many statements for three as for two', async () => {
    const { count } = context.database
    const spent = async (start: number, ...hosts: TestHost[]) => {
      const before = count.statements
      await book(group(...hosts), start)
      return count.statements - before
    }
    expect(await spent(THREE, ada, bob)).toBe(await spent(THREE + 30 * MINUTE, ada, bob, cyd))
  })

  it('leaves no host with two meetings at once when fifty book groups that cross', async () => {
    await insertEventType(context.services.db, ada.id, { slug: 'own', notice: 0 })
    const groups = [group(ada, bob), group(bob, cyd), group(cyd, ada), group(cyd, bob, ada)]
    const codes = await Promise.all(
      Array.from({ length: PARALLEL }, (_, i) => {
        const start = THREE + (i % 3) * 30 * MINUTE
        const offer = i % 7 === 0 ? { username: ada.username, slug: 'own' } : (groups[i % 4] ?? group(ada, bob))
        return refusal(book(offer, start, `v${i}@example.net`))
      }),
    )
    expect(codes.filter((code) => code === 'done').length).toBeGreaterThan(0)
    expect(codes.every((code) => code === 'done' || code === 'slot_taken')).toBe(true)
    for (const host of [ada, bob, cyd]) expect((await claims(host))?.overlaps).toBe(0)
    const { rows } = await sql<{ wrong: number }>`
      select count(*) as wrong from bookings b where host_id = any(${[ada.id, bob.id, cyd.id]}::int8[])
        and (select count(*) from claims c where c.booking_id = b.id)
          <> 1 + (select count(*) from co_hosts h where h.booking_id = b.id)`.execute(context.services.db)
    expect(rows[0]?.wrong).toBe(0)
  })
})

describe('what is hosted with others', () => {
  const scopeOf = (host: TestHost) => userScope(as(host))
  const now = () => context.clock.now()
  const list = async (host: TestHost, tab: BookingTab, query = '') => {
    const narrowed = { filters: filtersOf(new URLSearchParams(query)), timeZone: 'UTC' }
    const { bookings } = await listBookings(context.services.db, scopeOf(host), { tab, now: now(), narrowed })
    return bookings.map(({ uid }) => uid)
  }

  it('is in the lists, the search and the calendar of each of them, and of nobody else', async () => {
    await insertEventType(context.services.db, bob.id)
    const { uid } = await book(group(ada, bob), THREE, 'vera@example.net')
    const own = await book({ username: bob.username, slug: 'talk' }, THREE + 30 * MINUTE, 'olga@example.net')
    expect(await list(ada, 'upcoming')).toEqual([uid])
    expect(await list(bob, 'upcoming')).toEqual([uid, own.uid])
    expect(await list(bob, 'all')).toEqual([own.uid, uid])
    expect(await list(cyd, 'all')).toEqual([])
    for (const query of ['q=vera', 'q=ve', `q=${uid}`])
      expect([query, await list(bob, 'all', query)]).toEqual([query, [uid]])
    expect(await list(bob, 'all', 'q=olga')).toEqual([own.uid])
    const { db } = context.services
    const days = [now(), now().add({ hours: 72 })] as const
    const entries = async (host: TestHost) => (await bookingsBetween(db, scopeOf(host), ...days)).map((one) => one.uid)
    expect(await entries(bob)).toEqual([uid, own.uid])
    expect(await entries(cyd)).toEqual([])
    let csv = ''
    for await (const piece of exportBookings(db, scopeOf(bob), { tab: 'all', now: now() }, false)) csv += piece
    expect(csv).toContain(uid)
    await cancelBooking(as(bob), { uid, reason: 'Ill' })
    expect(await list(bob, 'cancelled')).toEqual([uid])
    expect(await list(ada, 'cancelled')).toEqual([uid])
  })

  it('comes in pages without gaps or repeats, one’s own and others’ mixed', async () => {
    await insertEventType(context.services.db, bob.id)
    const made: string[] = []
    for (let n = 0; n < 4; n++) {
      const offer = n % 2 === 0 ? group(ada, bob) : { username: bob.username, slug: 'talk' }
      made.push((await book(offer, THREE + n * 30 * MINUTE)).uid)
    }
    const seen: string[] = []
    let after: BookingCursor | undefined
    do {
      const search = { tab: 'upcoming' as const, now: now(), size: 1, after }
      const page = await listBookings(context.services.db, scopeOf(bob), search)
      seen.push(...page.bookings.map(({ uid }) => uid))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual(made)
  })

  it('may be answered, marked and annotated by each, but its guests and its place are the first host’s', async () => {
    const { db } = context.services
    await insertEventType(db, bob.id, { requiresConfirmation: true })
    const { uid } = await book(group(ada, bob), THREE)
    expect(await countUnconfirmed(db, scopeOf(bob), now())).toBe(1)
    expect(await refusal(confirmBooking(as(cyd), { uid }))).toBe('own_bookings_only')
    await confirmBooking(as(bob), { uid })
    expect(await countUnconfirmed(db, scopeOf(bob), now())).toBe(0)
    await addNote(as(bob), uid, { text: 'Bring the plans' })
    const id = (await ownBooking(db, scopeOf(bob), uid))?.id ?? 0
    for (const host of [ada, bob])
      expect((await aftercareOf(db, scopeOf(host), id)).notes).toMatchObject([{ text: 'Bring the plans' }])
    expect((await aftercareOf(db, scopeOf(cyd), id)).notes).toEqual([])
    expect(await refusal(addGuests(as(bob), uid, { guests: ['g@example.net'] }))).toBe('own_bookings_only')
    expect(await refusal(addGuests(as(ada), uid, { guests: ['g@example.net'] }))).toBe('done')
    context.clock.set(new Date(THREE + 5 * MINUTE).toISOString())
    await markNoShow(as(bob), uid, { attendeeId: null, noShow: true })
    expect((await aftercareOf(db, scopeOf(ada), id)).hostNoShow).toBe(true)
    expect(await refusal(markNoShow(as(cyd), uid, { attendeeId: null, noShow: true }))).toBe('own_bookings_only')
  })

  it('takes one statement, over the indexes of hosts and co-hosts', async () => {
    const plan = await planOf(context.database, (db) => listBookings(db, scopeOf(bob), { tab: 'all', now: now() }))
    expect(plan.statements).toBe(1)
  })
})
