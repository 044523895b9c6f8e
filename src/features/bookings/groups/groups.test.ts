import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { placeHold } from '../../availability/commands.ts'
import { loadOffer } from '../../availability/queries.ts'
import { listStarts } from '../../availability/starts/queries.ts'
import { cancelBooking } from '../cancellation/commands.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingByUid, ownBooking } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema } from '../schema.ts'

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

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (isAppError(error)) return error.code
    throw error
  }
  return 'done'
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
    expect(await codeOf(book(group(ada, bob), THREE))).toBe('event_type_not_found')
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
    expect(await codeOf(cancelBooking(as(bob), { uid, reason: '' }))).toBe('reason_required')
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

  it('is not held, and takes as many statements for three as for two', async () => {
    expect(await placeHold(context.visitor, { offer: group(ada, bob), start: THREE, duration: 30 })).toBeNull()
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
        return codeOf(book(offer, start, `v${i}@example.net`))
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
