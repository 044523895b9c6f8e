import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBooking } from '#features/bookings/creation/commands.ts'
import { createBookingSchema } from '#features/bookings/schema.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { answerMcp } from './mcp.ts'

const START = '2026-11-24T10:00:00Z'

let test: TestContext
let visitor: ApiClient
let host: { id: number; username: string }
let eventTypeId: number

beforeAll(async () => {
  test = await testContext()
  visitor = apiClient(test)
  const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], start: 0, end: 1440 }]
  host = await insertHost(test.services.db, { timeZone: 'UTC', weekly })
  eventTypeId = await insertEventType(test.services.db, host.id)
})
afterAll(() => test.close())

/** The last thing that a booking writes finds no room, as PostgreSQL says it. */
const takeRoom = async () => {
  await sql`
    create or replace function no_room() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`.execute(test.services.db)
  await sql`create or replace trigger no_room before insert on events execute function no_room()`.execute(
    test.services.db,
  )
}
beforeEach(takeRoom)

const makeRoom = () => sql`drop trigger no_room on events`.execute(test.services.db)
const bookings = () => test.services.db.selectFrom('bookings').select('uid').execute()

it('clients of the API are told that there is no room, and when to ask again; nothing of the booking is kept', async () => {
  const body = {
    start: START,
    ...{ username: host.username, eventTypeSlug: 'talk' },
    attendee: { name: 'Bo', email: 'bo@example.net', timeZone: 'UTC' },
  }
  const book = () => visitor.post('/v2/bookings', body, { 'idempotency-key': 'once' })
  const refused = await book()
  expect(refused).toMatchObject({ status: 503, code: 'storage_full' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await bookings()).toEqual([])
  await makeRoom()
  expect(await book()).toMatchObject({ status: 201 })
  expect(await bookings()).toHaveLength(1)
})

it('a form comes back with what was typed', async () => {
  const form = new FormData()
  form.set('email', 'cy@example.net')
  form.set('password', 'not shown again')
  const request = new Request('https://book.example.org/x', { method: 'POST', body: form })
  const booking = parseInput(createBookingSchema, {
    start: '2026-11-25T10:00:00Z',
    ...{ name: 'Cy', email: 'cy@example.net', timeZone: 'UTC' },
  })
  const book = () =>
    createBooking(test.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
  const answered = await formAction({ request, locals: { ctx: test.visitor } }, book)
  expect(answered).toMatchObject({
    status: 503,
    data: { code: 'storage_full', values: { email: 'cy@example.net' } },
  })
  await makeRoom()
  await expect(book()).resolves.toMatchObject({ uid: expect.any(String) })
})

describe('assistants', () => {
  async function called(services = test.services) {
    const start = '2026-11-26T10:00:00Z'
    const wish = { eventTypeId, start, name: 'Di', email: 'di@example.net', timeZone: 'UTC' }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'book', arguments: wish } }
    const headers = {
      ...{ authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      accept: 'application/json, text/event-stream',
    }
    const body = JSON.stringify(message)
    const answer = await answerMcp(
      services,
      new Request('https://book.example.org/mcp', { method: 'POST', headers, body }),
    )
    return { status: answer.status, headers: answer.headers, body: await answer.json() }
  }
  let key: string
  beforeEach(async () => {
    await makeRoom()
    key = await insertApiKey(test, host.id)
  })

  it('are told that there is no room, in words of the protocol', async () => {
    await takeRoom()
    const { body } = await called()
    const message = expect.stringContaining('no room left')
    expect(body.error).toMatchObject({ code: -32603, message, data: { code: 'storage_full' } })
    expect(JSON.stringify(body)).not.toContain('could not extend file')
    await makeRoom()
    expect((await called()).body.result.structuredContent.booking.status).toBe('accepted')
  })

  it('are told that the database does not answer, and when to ask again', async () => {
    const pool = new pg.Pool({ host: '127.0.0.1', port: 1 })
    const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) }) as unknown as typeof test.services.db
    const { status, headers, body } = await called({ ...test.services, db })
    expect([status, headers.get('retry-after')]).toEqual([503, '30'])
    const message = expect.stringContaining('Wait a minute')
    expect(body.error).toMatchObject({ code: -32603, message, data: { code: 'database_unavailable' } })
    expect(JSON.stringify(body)).not.toContain('127.0.0.1')
    await pool.end()
  })
})
