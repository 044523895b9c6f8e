import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLog } from '#platform/log.ts'
import { createMailTransport } from '#platform/mail/smtp.ts'
import type { MailTransport } from '#platform/mail/transport.ts'
import { apiClient, insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { type MailServer, startMailServer } from '#test/mail-server.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'

/** What is done over the API is mailed as what is done on pages. */
let server: MailServer
let mail: MailTransport
let test: TestContext
let host: TestHost

const FROM = { name: 'Sundial', address: 'sundial@example.org' }

beforeAll(async () => {
  server = await startMailServer()
  const smtp = { host: '127.0.0.1', port: server.port, secure: false, user: null, password: null, name: null }
  const settings = { mail: smtp, mailFrom: FROM, url: new URL('https://book.example.org') } as Parameters<
    typeof createMailTransport
  >[0]
  mail = await createMailTransport(settings, createLog('silent'))
  test = await testContext({ worker: true, mail })
  host = await insertHost(test.services.db)
})
afterAll(async () => {
  await test.close()
  await mail.close()
  await server.close()
})

const ALEX = { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'Europe/Rome', language: 'de' }

/** Who was written to about a booking, each with the subject, once nothing waits any more. That of a new key is not one of them. */
async function written(bookingId: number): Promise<Record<string, string | undefined>> {
  for (const until = performance.now() + 15_000; performance.now() < until; ) {
    const rows = await test.services.db
      .selectFrom('deliveries')
      .where('subject', '=', `booking:${bookingId}`)
      .where('kind', '=', 'mail')
      .select('state')
      .execute()
    if (rows.length > 0 && rows.every(({ state }) => state !== 'waiting' && state !== 'sending')) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const mails = server.mails.splice(0).filter(({ email }) => !email.subject?.startsWith('A new API key'))
  expect(mails.length).toBe(new Set(mails.map(({ envelope }) => envelope.to[0])).size)
  return Object.fromEntries(mails.map(({ envelope, email }) => [envelope.to[0], email.subject]))
}

it('a booking is mailed to both sides, once, in the language that was named', async () => {
  const eventTypeId = await insertEventType(test.services.db, host.id)
  const wish = { eventTypeId, start: '2026-11-24T09:00:00Z', attendee: ALEX }
  const visitor = apiClient(test)
  const { data } = await visitor.post('/v2/bookings', wish, { 'idempotency-key': 'once' })
  await visitor.post('/v2/bookings', wish, { 'idempotency-key': 'once' })
  expect(await written(data.id)).toEqual({
    'alex@example.com': expect.stringMatching(/24\. Nov/),
    [`${host.username}@example.org`]: expect.stringMatching(/Nov 24/),
  })
})

it('who is booked for is told only if the host wants that', async () => {
  const eventTypeId = await insertEventType(test.services.db, host.id, { slug: 'quiet' })
  const api = apiClient(test, await insertApiKey(test, host.id))
  const book = (start: string, mails: boolean) =>
    api.post('/v2/bookings', { eventTypeId, start, attendee: ALEX, onBehalf: { mails } })
  await book('2026-11-24T12:00:00Z', false)
  const { data } = await book('2026-11-24T14:00:00Z', true)
  // In the zone of who was booked for: the later one, and it alone.
  expect(await written(data.id)).toMatchObject({ 'alex@example.com': expect.stringMatching(/15:00/) })
})
