import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeApiKey } from '#features/accounts/api-keys/commands.ts'
import { listApiKeys } from '#features/accounts/api-keys/queries.ts'
import { createPrivateLink } from '#features/event-types/links/commands.ts'
import { createWebhook } from '#features/webhooks/commands.ts'
import { hashToken, randomUid, uuidv7 } from '#platform/crypto.ts'
import { defineApiRoute } from '#platform/http/api/route.ts'
import { SCOPES } from '#platform/http/api/scopes.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { type ApiClient, apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { unsentMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { apiRoutes } from './api.ts'

/**
 * Every route of the API × everybody who might call it, made from the list of routes: one that is added is judged without a word here.
 * What a route's path names is made below, as something of the owner's.
 */
/** Mails can be asked for and are not sent: no worker runs here. */

let test: TestContext
let owner: TestHost
let other: TestHost
let clients: Record<'anonymous' | 'revoked' | 'expired', ApiClient>

beforeAll(async () => {
  test = await testContext({ mail: unsentMail })
  owner = await insertHost(test.services.db)
  other = await insertHost(test.services.db)
  const revoked = await insertApiKey(test, owner.id)
  const session = test.as({ kind: 'user', userId: owner.id, role: 'member', via: 'session' })
  const { id } = (await listApiKeys(userScope(session), test.services.db))[0] ?? { id: '' }
  await revokeApiKey(session, id)
  const expired = await insertApiKey(test, owner.id, null, '7')
  test.clock.add({ hours: 7 * 24 })
  clients = {
    anonymous: apiClient(test),
    revoked: apiClient(test, revoked),
    expired: apiClient(test, expired),
  }
})
afterAll(() => test.close())

/** Something of the owner's for each name that stands in a path. */
const SAMPLES: Record<string, (host: TestHost, path: string) => Promise<Record<string, string | number>>> = {
  scheduleId: async ({ id }) => {
    const spare = { user_id: id, name: 'Spare', time_zone: 'UTC', weekly: '[]', overrides: '[]' }
    const row = await test.services.db.insertInto('schedules').values(spare).returning('id').executeTakeFirstOrThrow()
    return { scheduleId: row.id }
  },
  eventTypeId: async ({ id }) => ({ eventTypeId: await insertEventType(test.services.db, id, { slug: freshSlug() }) }),
  linkId: async (host) => {
    const eventTypeId = await insertEventType(test.services.db, host.id, { slug: freshSlug() })
    const ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
    return { eventTypeId, linkId: (await createPrivateLink(ctx, { eventTypeId })).token }
  },
  uid: async ({ id }) => {
    const eventTypeId = await insertEventType(test.services.db, id, { slug: freshSlug() })
    const [uid, now] = [randomUid(), test.clock.now()]
    const times = { starts_at: now, ends_at: now.add({ minutes: 30 }), expires_at: now.add({ minutes: 5 }) }
    const hold = { event_type_id: eventTypeId, token_hash: hashToken(uid), ...times }
    await test.services.db.insertInto('holds').values(hold).execute()
    return { uid }
  },
  bookingUid: bookingOf,
  attendeeId: bookingOf,
  seatUid: async () => ({ seatUid: randomUid() }),
  userId: async ({ id }) => ({ userId: id }),
  id: async ({ id }) => {
    const row = await test.services.db
      .insertInto('verified_emails')
      .values({ user_id: id, email: `${freshSlug()}@example.net`, verified_at: test.clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id: row.id }
  },
  deliveryId: async ({ id }) => {
    await makeRoomForWebhook()
    const ctx = test.as({ kind: 'user', userId: id, role: 'member', via: 'session' })
    const wanted = { url: 'https://example.org/hook', triggers: ['BOOKING_CREATED' as const] }
    const webhookId = (await createWebhook(ctx, wanted)).id
    const [now, deliveryId] = [test.clock.now(), uuidv7()]
    const told = {
      subject: `booking:${webhookId}`,
      kind: 'webhook' as const,
      topic: 'BOOKING_CREATED',
      target: String(webhookId),
    }
    const gone = { state: 'failed', reason: 'receiver_gone', version: 0, event_id: null } as const
    const stamps = { created_at: now, updated_at: now, next_at: null }
    await test.services.db
      .insertInto('deliveries')
      .values({ id: deliveryId, ...told, ...gone, ...stamps })
      .execute()
    return { webhookId, deliveryId }
  },
  webhookId: async (host) => {
    await makeRoomForWebhook()
    const eventTypeId = await insertEventType(test.services.db, host.id, { slug: freshSlug() })
    const ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
    const wanted = { url: 'https://example.org/hook', triggers: ['BOOKING_CREATED' as const], eventTypeId }
    return { eventTypeId, webhookId: (await createWebhook(ctx, wanted)).id }
  },
}

/** What its owner is refused, too, whatever there is. */
const ALWAYS_REFUSED: Record<string, string> = {
  reassignBooking: 'nobody_to_reassign_to',
  reassignBookingToUser: 'nobody_to_reassign_to',
  // The code is in a mail.
  verifyEmail: 'mail_code_wrong',
  requestPhoneVerificationCode: 'text_messages_unavailable',
  verifyPhone: 'text_messages_unavailable',
  getVerifiedPhone: 'verified_phone_not_found',
}

/** A booking that is going on, so that everything can be done with it; to be answered where that is what the path is for. */
async function bookingOf({ id }: TestHost, path: string) {
  const now = test.clock.now()
  const row = await test.services.db
    .insertInto('bookings')
    .values({
      ...{ uid: randomUid(), event_type_id: null, host_id: id, title: 'Sample', time_zone: 'UTC' },
      status: /\/(confirm|decline)$/.test(path) ? 'pending' : 'accepted',
      ...{ starts_at: now.subtract({ minutes: 10 }), ends_at: now.add({ minutes: 20 }) },
      ...{ created_at: now, updated_at: now, location: null, cancelled_by: null },
    })
    .returning(['id', 'uid'])
    .executeTakeFirstOrThrow()
  const attendee = await test.services.db
    .insertInto('attendees')
    .values({
      ...{ booking_id: row.id, kind: 'booker', name: 'Sample', email: 'sample@example.com' },
      ...{ time_zone: 'UTC', locale: 'en' },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { bookingUid: row.uid, attendeeId: attendee.id }
}

/** An account has a bounded number. */
const makeRoomForWebhook = () => test.services.db.deleteFrom('webhooks').execute()

let slugs = 0
const freshSlug = () => `sample-${++slugs}`

async function sampleOf(path: string): Promise<string> {
  let values: Record<string, string | number> = {}
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    const make = SAMPLES[name]
    if (!make) throw new Error(`Say in SAMPLES what a ${name} of the owner's is`)
    values = { ...values, ...(await make(owner, path)) }
  }
  return `/v2${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))}`
}

/** What the document shows as an example of a body; its test insists on one. */
const exampleOf = ({ body }: (typeof apiRoutes)[number]) =>
  body && ((body.meta()?.examples as unknown[] | undefined)?.[0] ?? {})

describe.each(apiRoutes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s',
  (_, route) => {
    const { access, keyScope } = route
    const call = async (client: ApiClient) => {
      const reply = await client.send(route.method.toUpperCase(), await sampleOf(route.path), exampleOf(route))
      return { ...reply, text: JSON.stringify(reply.body) }
    }

    it('asks for a key, unless it says that it is public', async () => {
      const { status } = await call(clients.anonymous)
      if (access === 'public') expect([401, 403, 500]).not.toContain(status)
      else expect(status).toBe(401)
    })

    it.each(['revoked', 'expired'] as const)('takes no key that is %s', async (state) => {
      expect((await call(clients[state])).code).toBe('api_key_invalid')
    })

    it('wants a key that is for it', async () => {
      const scope = access === 'public' ? keyScope : access
      if (scope === undefined || scope === 'any_key') return
      const without = apiClient(
        test,
        await insertApiKey(
          test,
          owner.id,
          SCOPES.filter((one) => one !== scope),
        ),
      )
      const { status, body } = await call(without)
      expect([status, body.error.details]).toEqual([403, { scope }])
    })

    it('shows and does nothing of the owner’s to somebody else', async () => {
      if (access === 'public') return
      const { status, text } = await call(apiClient(test, await insertApiKey(test, other.id)))
      if (route.path.includes('{')) expect([status, text]).toEqual([404, expect.any(String)])
      else expect(text).not.toMatch(new RegExp(`${owner.username}\\b|"ownerId":${owner.id}\\b`))
    })

    it('works for its owner', async () => {
      const { status, code, text } = await call(apiClient(test, await insertApiKey(test, owner.id)))
      const always = ALWAYS_REFUSED[route.operationId]
      if (always) expect(code).toBe(always)
      else if (access === 'public') expect([401, 403, 500]).not.toContain(status)
      else expect([status, text]).toEqual([route.status ?? 200, expect.any(String)])
    })
  },
)

it('is not defined without saying who may call it', () => {
  // @ts-expect-error: there is no default for `access`
  defineApiRoute({
    ...{ method: 'get', path: '/x', operationId: 'x', tag: 'X', summary: 'X', versions: UNVERSIONED },
    run: async () => ({ data: undefined }),
  })
  const ids = apiRoutes.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
})
