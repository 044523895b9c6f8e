import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { updateContact } from './commands.ts'
import { attendancesOf, contactById, listContacts } from './queries.ts'

const COUNT = 20_000
const EVERYBODY = { words: '', tag: '', after: null }
let context: TestContext
let host: Ctx
let other: Ctx

beforeAll(async () => {
  context = await testContext({ now: '2026-11-23T08:00:00Z' })
  const { db } = context.services
  const signIn = async (count: number) => {
    const { id } = await insertHost(db)
    const eventTypeId = await insertEventType(db, id)
    await insertManyBookings(db, { hostId: id, eventTypeId, count, until: '2027-01-01T09:00:00Z' })
    return context.as({ kind: 'user', userId: id, role: 'owner', via: 'session' })
  }
  host = await signIn(COUNT)
  other = await signIn(1000)
})
afterAll(() => context.close())

const list = (search: object = {}) => listContacts(context.services.db, userScope(host), { ...EVERYBODY, ...search })

describe('contacts', () => {
  it('are everybody who booked, once, with what is known of them', async () => {
    const emails: string[] = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ after })
      emails.push(...page.contacts.map(({ email }) => email))
      after = page.next
    } while (after !== null)
    expect([emails.length, new Set(emails).size]).toEqual([1000, 1000])
    const { contacts } = await list({ words: 'person7@' })
    expect(contacts).toMatchObject([
      { name: 'Person 7', email: 'person7@example.net', bookings: 20, noShows: 0, tags: [] },
    ])
  })

  it('are found by short words, several words and tags', async () => {
    expect((await list({ words: '99 person999' })).contacts.map(({ email }) => email)).toEqual([
      'person999@example.net',
    ])
    expect((await list({ words: 'nobody' })).contacts).toEqual([])
    const [contact] = (await list({ words: 'person42@' })).contacts
    await updateContact(host, contact?.id ?? 0, { tags: ' VIP, Berlin ,VIP,', notes: 'Likes tea' })
    expect((await list({ tag: 'VIP' })).contacts).toMatchObject([
      { email: 'person42@example.net', tags: ['VIP', 'Berlin'] },
    ])
    expect((await list({ tag: 'vi' })).contacts).toEqual([])
  })

  it('have a history, a count of those missed, tags and notes', async () => {
    const { db } = context.services
    const [contact] = (await list({ words: 'person43@' })).contacts
    const id = contact?.id ?? 0
    await db.updateTable('attendees').set({ no_show: true }).where('id', '=', id).execute()
    await updateContact(host, id, { tags: 'a', notes: 'First' })
    await updateContact(host, id, { tags: 'b', notes: ' Second ' })
    const detail = await contactById(db, userScope(host), id)
    expect(detail).toMatchObject({
      email: 'person43@example.net',
      bookings: 20,
      noShows: 1,
      tags: ['b'],
      notes: 'Second',
    })
    const { attendances, next } = await attendancesOf(db, userScope(host), detail.email, null)
    expect([attendances.length, attendances[0]?.noShow, next]).toEqual([20, true, null])
    const third = attendances[2]
    const rest = await attendancesOf(db, userScope(host), detail.email, {
      start: third?.startsAt ?? '',
      id: third?.attendeeId ?? 0,
    })
    expect(rest.attendances).toEqual(attendances.slice(3))
  })

  it('are one host’s own', async () => {
    const { db } = context.services
    const [theirs] = (await listContacts(db, userScope(other), EVERYBODY)).contacts
    const id = theirs?.id ?? 0
    expect(await refusal(contactById(db, userScope(host), id))).toBe('contact_not_found')
    expect(await refusal(updateContact(host, id, { tags: '', notes: '' }))).toBe('contact_not_found')
    expect((await listContacts(db, userScope(other), { ...EVERYBODY, tag: 'VIP' })).contacts).toEqual([])
    expect((await list({ words: theirs?.email })).contacts).toMatchObject([{ bookings: 20 }])
  })

  it('are refused more tags than fit', async () => {
    const [contact] = (await list()).contacts
    const update = (input: object) => refusal(updateContact(host, contact?.id ?? 0, { tags: '', notes: '', ...input }))
    const many = Array.from({ length: 21 }, (_, n) => `tag ${n}`).join(',')
    expect(await update({ tags: many })).toBe('invalid_input/tags:field_too_many')
    expect(await update({ tags: 'x'.repeat(51) })).toBe('invalid_input/tags.0:field_too_long')
  })
})

describe('with many bookings', () => {
  it('a page of contacts is one statement over the index of addresses', async () => {
    const plan = await planOf(context.database, (db) =>
      listContacts(db, userScope(host), { ...EVERYBODY, after: 'person5@example.net' }),
    )
    expect(plan.statements).toBe(1)
    expect(plan.indexes).toContain('attendees_email')
    expect(plan.scanned).not.toContain('attendees')
    expect(plan.scanned).not.toContain('bookings')
  })

  it('a search among them uses the index of words', async () => {
    const plan = await planOf(context.database, (db) =>
      listContacts(db, userScope(host), { ...EVERYBODY, words: 'person999' }),
    )
    expect(plan.indexes).toContain('attendees_words')
    expect(plan.scanned).not.toContain('attendees')
  })
})
