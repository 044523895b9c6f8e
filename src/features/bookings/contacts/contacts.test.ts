import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { planOf, rowsReadBy } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { mergeContact, separateContact, updateContact } from './commands.ts'
import { attendancesOf, contactById, exportContact, listContacts, listTags } from './queries.ts'

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
    const { attendances, next } = await attendancesOf(db, userScope(host), [detail.email], null)
    expect([attendances.length, attendances.at(-1)?.noShow, next]).toEqual([20, true, null])
    const third = attendances[2]
    const rest = await attendancesOf(db, userScope(host), [detail.email], {
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

describe('somebody with two addresses', () => {
  const idOf = async (email: string) => (await list({ words: email })).contacts[0]?.id ?? 0
  const known = async (id: number) => contactById(context.services.db, userScope(host), id)

  it('becomes one contact: history, tags, notes and what is counted', async () => {
    const [one, two] = [await idOf('person101@'), await idOf('person102@')]
    await updateContact(host, one, { tags: 'client, Berlin', notes: 'Likes tea' })
    await updateContact(host, two, { tags: 'Berlin, vip', notes: 'Calls on Mondays' })
    await mergeContact(host, one, { email: 'Person102@example.net' })
    const merged = {
      email: 'person101@example.net',
      others: ['person102@example.net'],
      bookings: 40,
      tags: ['client', 'Berlin', 'vip'],
      notes: 'Likes tea\n\nCalls on Mondays',
    }
    expect(await known(one)).toMatchObject(merged)
    expect(await known(two)).toMatchObject(merged)
    expect((await list({ words: 'person102@' })).contacts).toMatchObject([
      { email: 'person101@example.net', bookings: 40, tags: ['client', 'Berlin', 'vip'] },
    ])
    expect((await list({ tag: 'vip' })).contacts.map(({ email }) => email)).toEqual(['person101@example.net'])
    expect(await listTags(context.services.db, userScope(host))).toContainEqual({ tag: 'vip', count: 1 })
    const first = await attendancesOf(context.services.db, userScope(host), [merged.email, ...merged.others], null)
    expect([first.attendances.length, first.next === null]).toEqual([25, false])
    const told = await exportContact(context.services.db, userScope(host), two)
    expect([told.addresses, told.bookings.length]).toEqual([[merged.email, ...merged.others], 40])
  })

  it('is two again as before, but for what was written since', async () => {
    const id = await idOf('person101@')
    expect(await refusal(separateContact(host, id, { email: 'person103@example.net' }))).toBe('not_merged')
    await updateContact(host, id, { tags: 'client, Berlin, vip, new', notes: 'Likes tea\n\nCalls on Mondays' })
    await separateContact(host, id, { email: 'person102@example.net' })
    expect(await known(id)).toMatchObject({
      others: [],
      bookings: 20,
      tags: ['client', 'Berlin', 'new'],
      notes: 'Likes tea',
    })
    expect(await known(await idOf('person102@'))).toMatchObject({ tags: ['Berlin', 'vip'], notes: 'Calls on Mondays' })
  })

  it('is followed through what was merged before', async () => {
    const [one, two] = [await idOf('person111@'), await idOf('person112@')]
    await mergeContact(host, two, { email: 'person113@example.net' })
    await mergeContact(host, one, { email: 'person113@example.net' })
    expect(await known(one)).toMatchObject({ others: ['person112@example.net', 'person113@example.net'], bookings: 60 })
    expect(await refusal(mergeContact(host, one, { email: 'person112@example.net' }))).toBe('already_merged')
    expect(await refusal(mergeContact(host, one, { email: 'person111@example.net' }))).toBe('already_merged')
  })

  it('is one of the host’s own contacts, and of theirs alone', async () => {
    const one = await idOf('person121@')
    expect(await refusal(mergeContact(other, one, { email: 'person122@example.net' }))).toBe('contact_not_found')
    expect(await refusal(mergeContact(host, one, { email: 'nobody@example.net' }))).toBe('contact_not_found')
    expect(await refusal(mergeContact(context.visitor, one, { email: 'person122@example.net' }))).toBe(
      'sign_in_required',
    )
    await mergeContact(host, one, { email: 'person122@example.net' })
    const theirs = await listContacts(context.services.db, userScope(other), { ...EVERYBODY, words: 'person122@' })
    expect(theirs.contacts).toMatchObject([{ email: 'person122@example.net', bookings: 1 }])
  })

  it('never vanishes when fifty merge each other at once', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, (_, n) => idOf(`person13${n}@`)))
    const tries = Array.from({ length: 50 }, (_, n) =>
      refusal(
        mergeContact(host, ids[n % 5] as number, {
          email: `person13${(n * 7 + 1 + Math.floor(n / 5)) % 5}@example.net`,
        }),
      ),
    )
    const answers = await Promise.all(tries)
    expect(answers.filter((one) => one === 'done')).toHaveLength(4)
    expect(new Set(answers)).toEqual(new Set(['done', 'already_merged']))
    expect(await known(ids[3] as number)).toMatchObject({ bookings: 100 })
    expect((await list({ words: 'person13' })).contacts.filter(({ email }) => /13[0-4]@/.test(email))).toHaveLength(1)
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

  it('one contact is read without walking past all the others, those of the same name included', async () => {
    const [contact] = (await list({ words: 'person77@' })).contacts
    const read = await rowsReadBy(context.database, (db) => contactById(db, userScope(host), contact?.id ?? 0))
    expect(read).toBeLessThan(500)
  })

  it('a search among them uses the index of words', async () => {
    const plan = await planOf(context.database, (db) =>
      listContacts(db, userScope(host), { ...EVERYBODY, words: 'person999' }),
    )
    expect(plan.indexes).toContain('attendees_words')
    expect(plan.scanned).not.toContain('attendees')
  })

  it('a word that few or none have, and a tag, are read from their indexes alone, beside the first people', async () => {
    const [contact] = (await list({ words: 'person78@' })).contacts
    await updateContact(host, contact?.id ?? 0, { tags: 'rare', notes: '' })
    for (const [search, most] of [
      ...([
        [{ words: 'nowhere' }, 0],
        [{ words: 'zz' }, 0],
        [{ words: 'q' }, 0],
        [{ tag: 'none' }, 0],
      ] as const),
      ...([
        [{ words: 'person777@' }, 120],
        [{ tag: 'rare' }, 120],
        [{ words: 'zz person' }, 2001],
      ] as const),
    ]) {
      const run = (db: Db) => listContacts(db, userScope(host), { ...EVERYBODY, ...search })
      // Those that were merged above are looked at in every search.
      const read = await rowsReadBy(context.database, run)
      const few = read <= most + 1000 + ('words' in search ? 700 : 0)
      expect({ search, read, few }).toMatchObject({ search, few: true })
    }
  })

  it('a word that many have is looked for among the first people, however often they came', async () => {
    for (const [words, most] of [
      ['person', 2500],
      ['7', 3000],
      ['5@', 3500],
      ['pe 7', 3000],
    ] as const) {
      const read = await rowsReadBy(context.database, (db) =>
        listContacts(db, userScope(host), { ...EVERYBODY, words }),
      )
      expect({ words, read, few: read < most }).toMatchObject({ words, few: true })
    }
  })

  it('finds who is found by looking at each of their names, in the order of addresses, page by page', async () => {
    const { db } = context.services
    const { userId } = userScope(host)
    // Some by another name since, and somebody whose addresses are all found by either.
    await sql`update attendees set name = name || ' Junior' where host_id = ${userId} and id % 3 = 0`.execute(db)
    const [{ id } = { id: 0 }] = (await list({ words: 'person141@' })).contacts
    await mergeContact(host, id, { email: 'person942@example.net' })
    const plainly = async (words: string[]) => {
      // What is known by another address is found by one word alone.
      const holds = (row: 'a' | 'o') =>
        words.map((word) => {
          const [name, email] = [sql.ref(`${row}.name`), sql.ref(`${row}.email`)]
          return sql`(${name} ilike ${`%${word}%`} or ${email} ilike ${`%${word}%`})`
        })
      const one = words.length === 1 && holds('o')[0]
      const { rows } = await sql<{ email: string }>`
        select distinct a.email from attendees a where a.host_id = ${userId}
          and not exists (select from contacts m where m.user_id = ${userId} and m.email = a.email and m.merged_into is not null)
          and (${sql.join(holds('a'), sql` and `)}
            or a.email in (select p.email from contacts m join contacts p on p.id = m.merged_into
              join attendees o on o.host_id = ${userId} and o.email = m.email
              where m.user_id = ${userId} and ${one || sql`false`}))
        order by 1`.execute(db)
      return rows.map(({ email }) => email)
    }
    for (const words of [
      'person',
      'junior',
      '7',
      '94',
      'son94',
      '942@',
      'son5',
      'zz',
      '7 junior',
      'son5 7',
      '99 junior',
    ]) {
      const found: string[] = []
      let after: string | null = null
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({ words, after })
        found.push(...page.contacts.map(({ email }) => email))
        after = page.next
      } while (after !== null)
      expect([words, found]).toEqual([words, await plainly(words.split(' '))])
    }
  })

  it('a word that one of ten people has is not looked for on a walk past the others', async () => {
    const search = { ...EVERYBODY, words: 'son5', size: 10 }
    const read = await rowsReadBy(context.database, (db) => listContacts(db, userScope(host), search))
    expect(read).toBeLessThan(5000)
  })

  it('tags are counted without looking at contacts that have none', async () => {
    const { db } = context.services
    await sql`
      insert into contacts (user_id, email, updated_at)
      select ${userScope(host).userId}, 'untagged' || n || '@example.net', now() from generate_series(1, 3000) n`.execute(
      db,
    )
    await sql`analyze contacts`.execute(db)
    expect(await rowsReadBy(context.database, (db) => listTags(db, userScope(host)))).toBeLessThan(50)
  })
})
