import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type ApiClient, type ApiReply, apiClient, insertApiKey } from './api.ts'
import { type TestContext, testContext } from './context.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from './offers.ts'

export const ALEX = { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'Europe/Rome', language: 'de-AT' }
/** Tuesday 24 November 2026, 10:00 in Berlin; it is the day before. */
export const START = '2026-11-24T09:00:00.000Z'
export const LATER = '2026-11-24T11:00:00.000Z'

/** What stands when a test begins: each has hosts of its own. */
interface Setting {
  context: TestContext
  host: TestHost
  /** With a key of the host, without one, and with one of another host. */
  api: ApiClient
  visitor: ApiClient
  other: ApiClient
}

/** A host whose event types are booked over the API, for the tests of a file. */
export function useBookingsApi() {
  const at = {} as Setting
  let slugs = 0

  beforeAll(async () => {
    at.context = await testContext()
  })
  afterAll(() => at.context.close())
  beforeEach(async () => {
    const { context } = at
    context.clock.set('2026-11-23T08:00:00Z')
    at.host = await insertHost(context.services.db)
    at.api = apiClient(context, await insertApiKey(context, at.host.id))
    at.visitor = apiClient(context)
    at.other = apiClient(context, await insertApiKey(context, (await insertHost(context.services.db)).id))
  })

  /** @returns the id of an event type */
  const offer = (settings: TestEventType = {}) =>
    insertEventType(at.context.services.db, at.host.id, { slug: `talk-${++slugs}`, ...settings })

  async function book(eventTypeId: number, more: object = {}, client = at.visitor, headers = {}): Promise<ApiReply> {
    return client.post('/v2/bookings', { start: START, eventTypeId, attendee: ALEX, ...more }, headers)
  }

  /** Names of the events of a booking, in order. */
  async function events(id: number): Promise<string[]> {
    const rows = await at.context.services.db
      .selectFrom('events')
      .where('subject', '=', `booking:${id}`)
      .select('name')
      .orderBy('position')
      .execute()
    return rows.map(({ name }) => name)
  }

  return { at, offer, book, events }
}

export const question = (key: string, more: object) => ({
  ...{ key, type: 'text', label: key, help: '', placeholder: '', required: false, hidden: false, lockPrefilled: false },
  ...{ options: [], min: null, max: null, showWhen: null, text: '', ...more },
})
