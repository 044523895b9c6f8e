import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { defineEvent, emit } from '#platform/events.ts'
import { instanceScope, userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { planOf } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { createApiKey, revokeApiKey } from '../api-keys/commands.ts'
import { listApiKeys } from '../api-keys/queries.ts'
import { endSession, startSession } from '../sessions/commands.ts'
import { originSweep } from '../sessions/jobs.ts'
import { forgetHistory, recordExport } from './commands.ts'
import { type ActivitySearch, exportActivity, instanceActivity, ownActivity } from './queries.ts'
import { activityFiltersOf, cursorOf, cursorText } from './schema.ts'

let context: TestContext
let ada: Ctx
let bob: Ctx
let adaId: number
let bobId: number

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  const { db } = context.services
  adaId = (await insertHost(db)).id
  bobId = (await insertHost(db)).id
  ada = context.as({ kind: 'user', userId: adaId, role: 'owner', via: 'session' })
  bob = context.as({ kind: 'user', userId: bobId, role: 'member', via: 'api_key' })
})

const thing = defineEvent({
  name: 'thing.touched',
  version: 1,
  payload: z.object({ id: z.number(), ownerId: z.number().nullable() }),
  subject: ({ id }) => `thing:${id}`,
  owner: ({ ownerId }) => ownerId,
})
const touch = (ctx: Ctx, id: number, ownerId: number | null) =>
  ctx.db.transaction().execute((tx) => emit(tx, ctx, thing, { id, ownerId }))

const NOTHING = { noun: null, by: null, from: null, to: null, after: null, timeZone: 'Europe/Berlin', size: 50 }
const own = (ctx: Ctx, search: Partial<ActivitySearch> = {}) =>
  ownActivity(ctx.db, userScope(ctx), { ...NOTHING, ...search })
const ids = ({ entries }: { entries: { subjectId: string }[] }) => entries.map(({ subjectId }) => Number(subjectId))

describe('one’s own log', () => {
  it('is what one did and what happened to what is one’s own, newest first, and nothing else', async () => {
    const system = context.as({ kind: 'system' })
    for (const [id, ctx, owner] of [
      [1, ada, adaId],
      [2, bob, bobId],
      [3, context.visitor, adaId],
      [4, ada, bobId],
      [5, system, adaId],
      [6, system, null],
      [7, bob, adaId],
    ] as const) {
      context.clock.add({ minutes: 1 })
      await touch(ctx, id, owner)
    }
    expect(ids(await own(ada))).toEqual([7, 5, 4, 3, 1])
    expect(ids(await own(bob))).toEqual([7, 4, 2])
    expect(ids(await own(ada, { by: 'you' }))).toEqual([4, 1])
    expect(ids(await own(ada, { by: 'others' }))).toEqual([7])
    expect(ids(await own(ada, { by: 'visitors' }))).toEqual([3])
    expect(ids(await own(ada, { by: 'system' }))).toEqual([5])
    const [by] = (await own(ada)).entries
    expect(by).toMatchObject({ actor: { kind: 'user', id: bobId, via: 'api_key' }, owner: { id: adaId } })
  })

  it('goes on exactly where a page ended, also among events of one moment', async () => {
    for (let id = 1; id <= 23; id++) await touch(id % 3 === 0 ? context.visitor : ada, id, id % 5 === 0 ? bobId : adaId)
    const seen: number[] = []
    let after: ActivitySearch['after'] = null
    do {
      const page: Awaited<ReturnType<typeof own>> = await own(ada, { after, size: 4 })
      seen.push(...ids(page))
      after = page.next && cursorOf(new URLSearchParams({ after: cursorText(page.next) }))
      expect(after).toEqual(page.next)
    } while (after)
    // The fifteenth is a visitor's and of another host.
    expect(seen).toEqual([23, 22, 21, 20, 19, 18, 17, 16, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  })

  it('has days as the reader has them, and kinds of things', async () => {
    context.clock.set('2026-11-23T22:59:59Z')
    await touch(ada, 1, adaId)
    context.clock.set('2026-11-23T23:00:00Z')
    await touch(ada, 2, adaId)
    context.clock.set('2026-11-24T23:00:00Z')
    await touch(ada, 3, adaId)
    expect(ids(await own(ada, { from: '2026-11-24', to: '2026-11-24' }))).toEqual([2])
    expect(ids(await own(ada, { to: '2026-11-23' }))).toEqual([1])
    expect(ids(await own(ada, { from: '2026-11-25' }))).toEqual([3])
    expect(ids(await own(ada, { from: '2026-11-24', timeZone: 'Asia/Tokyo' }))).toEqual([3, 2, 1])
    await recordExport(ada, 'activity')
    expect((await own(ada, { noun: 'user' })).entries.map(({ name }) => name)).toEqual(['export.downloaded'])
    expect(ids(await own(ada, { noun: 'thing' }))).toEqual([3, 2, 1])
  })

  it('tells what happened to sessions and keys, and for a while from where', async () => {
    const token = await startSession({ ...context.visitor, userAgent: 'Mozilla/5.0 (X11; Linux) Firefox/141.0' }, adaId)
    context.clock.add({ minutes: 1 })
    await endSession(context.visitor, token)
    await createApiKey(ada, { label: 'Website', expires: 'never' })
    context.clock.add({ minutes: 1 })
    const [key] = await listApiKeys(userScope(ada), ada.db)
    await revokeApiKey(ada, key?.id ?? '')
    const told = (await own(ada)).entries
    expect(told.map(({ name, actor, owner }) => [name, actor.id, owner?.id])).toEqual([
      ['api_key.revoked', adaId, adaId],
      ['api_key.created', adaId, adaId],
      ['session.ended', adaId, adaId],
      ['session.started', adaId, adaId],
    ])
    expect(told[3]?.origin).toEqual({ browser: 'Firefox', system: 'Linux', address: '192.0.2.1' })
    const { rows } = await sql<{ text: string }>`select payload::text || actor::text as text from events`.execute(
      ada.db,
    )
    expect(rows.filter(({ text }) => /192\.0|Firefox|Website/.test(text))).toEqual([])
    context.clock.add({ hours: 24 * 91 })
    await originSweep.run(context.as({ kind: 'system' }), new AbortController().signal)
    expect((await own(ada)).entries[3]).toMatchObject({ name: 'session.started', origin: null })
  })
})

describe('the log of the installation', () => {
  const all = (ctx: Ctx, search: Partial<ActivitySearch> = {}) =>
    instanceActivity(ctx.db, instanceScope(ctx), { ...NOTHING, readerId: adaId, ...search })

  it('is everybody’s, for those who run it', async () => {
    context.clock.set('2031-01-01T08:00:00Z')
    await touch(bob, 1, bobId)
    await touch(context.visitor, 2, null)
    await touch(ada, 3, adaId)
    const from = { from: '2031-01-01', to: '2031-01-01' }
    expect(ids(await all(ada, from))).toEqual([3, 2, 1])
    expect(ids(await all(ada, { ...from, by: 'people' }))).toEqual([3, 1])
    expect(ids(await all(ada, { ...from, by: 'others' }))).toEqual([1])
    expect(await refusal(Promise.resolve().then(() => all(bob)))).toBe('operators_only')
    expect(await refusal(Promise.resolve().then(() => all(context.visitor)))).toBe('sign_in_required')
  })

  it('is a file, page by page, in which nothing is run by a spreadsheet', async () => {
    context.clock.set('2032-01-01T08:00:00Z')
    await ada.db.updateTable('users').set({ name: '=cmd()' }).where('id', '=', adaId).execute()
    await sql`insert into events (id, name, version, subject, payload, actor, owner_id, occurred_at)
      select gen_random_uuid(), 'thing.touched', 1, 'thing:' || n, '{"a":1}', jsonb_build_object('kind', 'user', 'id', ${adaId}::int8, 'via', 'session'),
        ${adaId}::int8, '2032-01-01T08:00:00Z' from generate_series(1, 1200) n`.execute(ada.db)
    const before = context.database.count.statements
    const pieces: string[] = []
    for await (const piece of exportActivity((page) => own(ada, page))) pieces.push(piece)
    expect([pieces.length, context.database.count.statements - before]).toEqual([4, 3])
    const lines = pieces.join('').trim().split('\r\n')
    expect(lines.length).toBe(1201)
    expect(lines[1]).toBe(
      `2032-01-01T08:00:00Z,thing.touched,thing:1200,user:${adaId},'=cmd(),session,user:${adaId},'=cmd(),,,,"{""a"": 1}"`.replace(
        '""a"": 1',
        '""a"":1',
      ),
    )
  })
})

describe('events', () => {
  it('are only ever added', async () => {
    await touch(ada, 1, adaId)
    const { db } = context.services
    await expect(db.deleteFrom('events').execute()).rejects.toThrow('only ever added (delete)')
    await expect(sql`update events set payload = '{}'`.execute(db)).rejects.toThrow('only ever added (update)')
    await expect(sql`truncate events cascade`.execute(db)).rejects.toThrow('only ever added (truncate)')
    await expect(
      db.transaction().execute(async (tx) => {
        await sql`select set_config('sundial.forgetting', 'on', true)`.execute(tx)
        await sql`update events set payload = '{}'`.execute(tx)
      }),
    ).rejects.toThrow('only ever added (update)')
    expect((await own(ada)).entries).toHaveLength(1)
  })

  it('are forgotten by those who run the installation, but for what is needed yet', async () => {
    const { db } = context.services
    context.clock.set('2020-01-01T08:00:00Z')
    await touch(ada, 1, adaId)
    await touch(ada, 2, adaId)
    const { id: eventId } = await db
      .selectFrom('events')
      .where('subject', '=', 'thing:2')
      .where('owner_id', '=', adaId)
      .select('id')
      .executeTakeFirstOrThrow()
    const delivery = (state: string, version: number) => sql`
      insert into deliveries (id, event_id, subject, kind, topic, target, version, state, created_at, updated_at)
      values (gen_random_uuid(), ${eventId}, 'thing:2', 'mail', 'x', ${`${adaId}`}, ${version}, ${state}, now(), now())`
    await delivery('failed', 1).execute(db)
    await delivery('delivered', 2).execute(db)
    context.clock.set('2026-11-23T08:00:00Z')
    await touch(ada, 3, adaId)
    expect(await refusal(forgetHistory(bob, context.clock.now().subtract({ hours: 24 })))).toBe('operators_only')
    const operator = context.as({ kind: 'system', via: 'command_line' })
    expect(await forgetHistory(operator, context.clock.now().subtract({ hours: 24 }))).toBe(1)
    expect(ids(await own(ada))).toEqual([3, 2])
    await db.updateTable('deliveries').set({ state: 'delivered' }).where('event_id', '=', eventId).execute()
    expect(await forgetHistory(operator, context.clock.now().subtract({ hours: 24 }))).toBe(1)
    expect(ids(await own(ada))).toEqual([3])
    await expect(db.deleteFrom('events').execute()).rejects.toThrow('only ever added')
  })
})

it('an address narrows by what means something', () => {
  const filters = (query: string) => activityFiltersOf(new URLSearchParams(query))
  expect(filters('noun=booking&by=you&from=2026-11-01&to=x')).toEqual({
    ...{ noun: 'booking', by: 'you', from: '2026-11-01', to: null },
  })
  expect(filters('noun=%27%3B--&by=root')).toEqual({ noun: null, by: null, from: null, to: null })
  for (const after of ['', 'x', '2026-13-99T00:00:00Z~1', '2026-11-01T00:00:00Z~1; drop', '2026-11-01T00:00:00Z'])
    expect(cursorOf(new URLSearchParams({ after }))).toBeNull()
})

it('reads no more of very many events than a page', { timeout: 60_000 }, async () => {
  const { db, database } = { db: context.services.db, database: context.database }
  await sql`insert into events (id, name, version, subject, payload, actor, owner_id, occurred_at)
    select gen_random_uuid(), 'thing.touched', 1, (case when n % 1000 = 0 then 'rare:' else 'thing:' end) || n, '{}',
      case n % 3 when 0 then '{"kind":"visitor"}'::jsonb else jsonb_build_object('kind', 'user', 'id', ${adaId}::int8) end,
      case when n % 4 = 0 then ${bobId}::int8 else ${adaId}::int8 end, '2026-01-01'::timestamptz + n * interval '200 seconds'
    from generate_series(1, 100000) n`.execute(db)
  await sql`vacuum analyze events`.execute(db)
  const searches: Partial<ActivitySearch>[] = [
    {},
    { noun: 'rare' },
    { by: 'visitors' },
    { by: 'system' },
    { from: '2026-02-01', to: '2026-02-02' },
    { after: { at: '2026-03-01T00:00:00Z', position: 1 } },
  ]
  for (const search of searches) {
    const { statements, scanned } = await planOf(database, (watched) =>
      ownActivity(watched, userScope(ada), { ...NOTHING, ...search }),
    )
    expect([search, statements, scanned.filter((table) => table === 'events')]).toEqual([search, 1, []])
  }
  const everybody = await planOf(database, (watched) =>
    instanceActivity(watched, instanceScope(ada), { ...NOTHING, readerId: adaId }),
  )
  expect(everybody.indexes).toContain('events_time')
  expect(everybody.scanned).not.toContain('events')
})
