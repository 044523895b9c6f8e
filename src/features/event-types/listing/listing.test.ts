import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { moveEventType } from '../commands.ts'
import { questionList } from '../questions/schema.ts'
import { eventTypeChoices, pageOfEventTypes, pageOfPublicEventTypes, partyQuestions } from './queries.ts'

let test: TestContext
let host: TestHost
let ctx: Ctx
let api: ApiClient
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())
beforeEach(async () => {
  host = await insertHost(test.services.db)
  ctx = test.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
  api = apiClient(test, await insertApiKey(test, host.id))
  await sql`insert into event_types (user_id, slug, title, durations, position, hidden)
    select ${host.id}::int8, 'talk-' || n, 'Talk ' || n, '{30}', n, n % 10 = 0 from generate_series(1, 120) n`.execute(
    test.services.db,
  )
})

const page = (listing: Partial<Parameters<typeof pageOfEventTypes>[2]> = {}) =>
  pageOfEventTypes(ctx.db, userScope(ctx), { take: 50, ...listing })
const idOf = async (slug: string) => {
  const [found] = (await page({ slug })).eventTypes
  if (!found) throw new Error(`no ${slug}`)
  return found.id
}
const slugs = (eventTypes: readonly { slug: string }[]) => eventTypes.map(({ slug }) => slug)
const numbers = (eventTypes: readonly { slug: string }[]) => slugs(eventTypes).map((slug) => Number(slug.slice(5)))

describe('a page of event types', () => {
  it('says where it stands and goes on without gaps, by number and by cursor, in every order', async () => {
    const first = await page()
    expect([numbers(first.eventTypes).at(-1), first.total, first.before]).toEqual([50, 120, 0])
    expect(first.following).toBe(await idOf('talk-51'))
    const last = await page({ skip: 100 })
    expect([numbers(last.eventTypes).at(0), last.eventTypes.length, last.next, last.following]).toEqual([
      101,
      20,
      null,
      null,
    ])
    for (const order of ['host', 'oldest', 'newest'] as const) {
      const found: number[] = []
      let after: Parameters<typeof pageOfEventTypes>[2]['after']
      do {
        const { before, total, ...part } = await page({ order, take: 50, ...(after && { after }) })
        expect([before, total]).toEqual([found.length, 120])
        found.push(...numbers(part.eventTypes))
        after = part.next ?? undefined
      } while (after)
      const all = Array.from({ length: 120 }, (_, i) => i + 1)
      expect({ order, found }).toEqual({ order, found: order === 'newest' ? all.reverse() : all })
    }
    expect(await page({ skip: 500 })).toMatchObject({ eventTypes: [], total: 120, before: 120 })
  })

  it('has what is called like the words, and letters that patterns are made of mean themselves', async () => {
    expect(numbers((await page({ words: 'TALK 11' })).eventTypes)).toEqual([
      11, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119,
    ])
    expect((await page({ words: 'talk-7' })).total).toBe(11)
    for (const words of ['%', '_', '\\', 'nowhere']) expect((await page({ words })).total).toBe(0)
  })

  it('is one statement, and shows nobody else’s', async () => {
    const other = await insertHost(test.services.db)
    const before = test.database.count.statements
    await page()
    const open = await pageOfPublicEventTypes(ctx.db, host.username, { take: 50 })
    await eventTypeChoices(ctx.db, userScope(ctx))
    expect(test.database.count.statements - before).toBe(3)
    expect([open.total, numbers(open.eventTypes).includes(10)]).toEqual([108, false])
    expect((await pageOfPublicEventTypes(ctx.db, other.username, { take: 50 })).total).toBe(0)
  })
})

describe('what each person of a party is asked', () => {
  it('is known of all own event types that ask it, in one statement', async () => {
    const questions = parseInput(questionList, [
      { key: 'new', type: 'boolean', label: 'New?' },
      { key: 'meal', type: 'text', label: 'Meal', eachPerson: true },
    ])
    const [one, two] = [await insertHost(test.services.db), await insertHost(test.services.db)]
    const seats = { count: 4, maxPerBooking: 2, showAttendees: false, showFree: true }
    const id = await insertEventType(test.services.db, one.id, { options: { seats, questions } })
    await insertEventType(test.services.db, one.id, { slug: 'plain', options: { questions: questions.slice(0, 1) } })
    const scopeOf = ({ id: userId }: { id: number }) =>
      userScope(test.as({ kind: 'user', userId, role: 'owner', via: 'session' }))
    const before = test.database.count.statements
    expect(await partyQuestions(ctx.db, scopeOf(one))).toEqual(new Map([[id, questions.slice(1)]]))
    expect(test.database.count.statements - before).toBe(1)
    expect((await partyQuestions(ctx.db, scopeOf(two))).size).toBe(0)
  })
})

describe('a step in the whole list', () => {
  it('leads over the edge of a page, to the beginning and to the end', async () => {
    const id = await idOf('talk-51')
    const [above, below] = [await idOf('talk-50'), await idOf('talk-52')]
    expect(await moveEventType(ctx, { id, to: 'up' })).toEqual({ place: 50 })
    expect(numbers((await page()).eventTypes).slice(-2)).toEqual([49, 51])
    expect(await moveEventType(ctx, { id, to: 'down' })).toEqual({ place: 51 })
    expect(await moveEventType(ctx, { id, to: 'first' })).toEqual({ place: 1 })
    expect(await moveEventType(ctx, { id, to: 'up' })).toEqual({ place: 1 })
    expect(await moveEventType(ctx, { id, to: 'last' })).toEqual({ place: 120 })
    expect(await moveEventType(ctx, { id, to: 'down' })).toEqual({ place: 120 })
    expect(await moveEventType(ctx, { id, before: below })).toEqual({ place: 51 })
    expect(numbers((await page({ skip: 49, take: 3 })).eventTypes)).toEqual([50, 51, 52])
    expect(await moveEventType(ctx, { id, before: above })).toEqual({ place: 50 })
  })

  it('is refused for what is not there and for what is no step', async () => {
    expect(await refusal(moveEventType(ctx, { id: 999_999_999, to: 'up' }))).toBe('event_type_not_found')
    const sideways = { id: await idOf('talk-1'), to: 'left' as 'up' }
    expect(await refusal(moveEventType(ctx, sideways))).toBe('invalid_input/:field_invalid')
  })

  it('keeps every place once when fifty are made at the same time', async () => {
    const ids = (await page({ take: 50 })).eventTypes.map(({ id }) => id)
    const steps = ['first', 'up', 'down', 'last'] as const
    await Promise.all(ids.map((id, n) => moveEventType(ctx, { id, to: steps[n % 4] ?? 'up' })))
    const all = (await page({ take: 500 })).eventTypes
    expect(new Set(all.map(({ position }) => position)).size).toBe(120)
  })
})

describe('the list over the API', () => {
  it('has all without being asked for a part, and parts by number and by cursor', async () => {
    const all = await api.get('/v2/event-types')
    expect([all.data.length, all.body.pagination.hasNextPage]).toEqual([120, false])
    const second = await api.get('/v2/event-types?skip=100&take=50')
    expect(numbers(second.data)[0]).toBe(101)
    expect(second.body.pagination).toMatchObject({
      totalItems: 120,
      returnedItems: 20,
      hasNextPage: false,
      nextCursor: null,
    })
    const newest = await api.get('/v2/event-types?sortCreatedAt=desc&take=2')
    const { nextCursor } = newest.body.pagination
    const next = await api.get(`/v2/event-types?sortCreatedAt=desc&take=2&cursor=${nextCursor}`)
    expect([numbers(newest.data), numbers(next.data)]).toEqual([
      [120, 119],
      [118, 117],
    ])
    expect(next.body.pagination).toMatchObject({ remainingItems: 116, currentPage: 2 })
    // It came from another order.
    expect((await api.get(`/v2/event-types?take=2&cursor=${nextCursor}`)).status).toBe(400)
    expect((await api.get('/v2/event-types?take=501')).status).toBe(400)
  })

  it('is paged for visitors too, with what they may see', async () => {
    const visitor = apiClient(test)
    const shown = await visitor.get(`/v2/event-types?username=${host.username}&skip=100`)
    expect([shown.data.length, shown.body.pagination.totalItems]).toEqual([8, 108])
    expect((await visitor.get('/v2/event-types?username=nobody-there')).body.pagination.totalItems).toBe(0)
  })
})
