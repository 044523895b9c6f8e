import { describe, expect, it } from 'vitest'
import { userScope } from '#platform/scope.ts'
import { refusal } from '#test/refusal.ts'
import { startWebhookReceiver } from '#test/webhook-receiver.ts'
import { triggersOf, until, useWebhooks } from '#test/webhooks.ts'
import { cancelBooking } from '../bookings/cancellation/commands.ts'
import { deleteWebhook, pingWebhook, redeliver, updateWebhook } from './commands.ts'
import { forgetOldDeliveries } from './log/jobs.ts'
import { listDeliveries } from './log/queries.ts'
import { findWebhook } from './queries.ts'

const { at, mails, names, asHost, make, book, bookingOf, calls, told, settled, sweep } = useWebhooks()

describe('delivery', () => {
  it('is tried again with the same id and body until it is taken, and what came later waits for it', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'] })
    at.receiver.answer = (_call, response) => response.writeHead(503).end('later')
    const { bookingId, uid } = await bookingOf(book())
    await calls(1)
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    await until('both', async () => (await told(bookingId)).length === 2)
    at.context.clock.add({ minutes: 1 })
    await sweep()
    expect(triggersOf(at.receiver.calls)).toEqual(['BOOKING_CREATED', 'BOOKING_CREATED'])
    at.receiver.answer = (_call, response) => response.end('thanks')
    at.context.clock.add({ minutes: 1 })
    await sweep()
    await settled(bookingId, 2)
    expect(triggersOf(at.receiver.calls)).toEqual([...Array(3).fill('BOOKING_CREATED'), 'BOOKING_CANCELLED'])
    const [one, two, three] = at.receiver.calls
    expect(new Set([one, two, three].map((call) => call?.headers['webhook-id'])).size).toBe(1)
    expect(one?.body).toBe(three?.body)
    const { deliveries } = await listDeliveries(at.context.services.db, userScope(asHost()), { webhookId: id })
    expect(deliveries.map(({ trigger, state, attempts }) => [trigger, state, attempts])).toEqual([
      ['BOOKING_CANCELLED', 'delivered', 1],
      ['BOOKING_CREATED', 'delivered', 3],
    ])
    expect(deliveries[1]?.tries.map(({ response }) => [response?.status, response?.body])).toEqual([
      [200, 'thanks'],
      [503, 'later'],
      [503, 'later'],
    ])
    expect(JSON.parse(deliveries[1]?.tries[0]?.request.body ?? '')).toEqual(one?.json)
  })

  it('waits as long as the other side asks for', async () => {
    await make({ triggers: ['BOOKING_CREATED'] })
    at.receiver.answer = (_call, response) => response.writeHead(429, { 'retry-after': '600' }).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    expect((await told(bookingId))[0]?.nextAt?.toString()).toBe('2026-11-23T08:10:00Z')
  })

  it('ends with 410 Gone, and the owner is told', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'] })
    at.receiver.answer = (_call, response) => response.writeHead(410).end()
    const { bookingId, uid } = await bookingOf(book())
    expect(await settled(bookingId, 1)).toMatchObject([{ state: 'failed', detail: 'HTTP 410' }])
    const shown = () => findWebhook(at.context.services.db, userScope(asHost()), id)
    expect(await shown()).toMatchObject({ active: false, stopped: 'gone' })
    await until('the mail', () =>
      mails.some(({ to }) => to.address === `${at.host.username}@example.org` && to.name !== ''),
    )
    await until('the notice', () => mails.some(({ subject }) => /switched off/.test(subject)))
    const notice = mails.find(({ subject }) => /switched off/.test(subject))
    expect(notice?.text).toContain(`https://book.example.org/settings/webhooks/${id}`)
    await cancelBooking(asHost(), { uid, reason: 'Ill' })
    at.receiver.answer = (_call, response) => response.end()
    await updateWebhook(asHost(), { id, active: true })
    expect(await shown()).toMatchObject({ active: true, stopped: null, failingSince: null })
    expect(at.receiver.calls).toHaveLength(1)
  })

  it('stops a webhook for which everything fails for three days', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    at.receiver.answer = (_call, response) => response.writeHead(500).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    const shown = () => findWebhook(at.context.services.db, userScope(asHost()), id)
    for (let i = 0; i < 11; i++) {
      at.context.clock.add({ hours: 4 })
      await sweep()
    }
    expect(await shown()).toMatchObject({ active: true })
    at.context.clock.add({ hours: 30 })
    await sweep()
    expect(await shown()).toMatchObject({ active: false, stopped: 'failing' })
    await until('the notice', () => mails.some(({ subject }) => /switched off/.test(subject)))
  })

  it('counts from the last success', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    at.receiver.answer = (_call, response) => response.writeHead(500).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    expect((await findWebhook(at.context.services.db, userScope(asHost()), id)).failingSince).not.toBeNull()
    at.receiver.answer = (_call, response) => response.end()
    at.context.clock.add({ hours: 1 })
    await sweep()
    expect((await findWebhook(at.context.services.db, userScope(asHost()), id)).failingSince).toBeNull()
  })

  it('happens again by hand, under the same id', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    const { bookingId } = await bookingOf(book())
    const [delivery] = await settled(bookingId, 1)
    const mailRows = () =>
      at.context.services.db.selectFrom('deliveries').select('id').where('kind', '=', 'mail').execute()
    await until('a mail', async () => (await mailRows()).length > 0)
    const [mailRow] = await mailRows()
    expect(await refusal(redeliver(asHost(), { id, deliveryId: mailRow?.id ?? '' }))).toBe('delivery_not_replayable')
    await redeliver(asHost(), { id, deliveryId: delivery?.id ?? '' })
    await calls(2)
    const [one, two] = at.receiver.calls
    expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id'])
    expect(two?.body).toBe(one?.body)
  })

  it('does not follow a redirect, nor go where the name leads by then', async () => {
    await make({ triggers: ['BOOKING_CREATED'] })
    at.receiver.answer = (_call, response) =>
      response.writeHead(307, { location: `${at.receiver.url}/elsewhere` }).end()
    const { bookingId } = await bookingOf(book())
    await until('the failure', async () => (await told(bookingId))[0]?.reason === 'webhook_refused')
    expect(at.receiver.calls.map(({ path }) => path)).toEqual(['/hook'])
    const { id } = await make({ url: 'https://open.example/', triggers: ['BOOKING_CREATED'] })
    names['open.example'] = '10.0.0.1'
    expect(await pingWebhook(asHost(), { id })).toMatchObject({ ok: false, failure: 'outbound_forbidden' })
    names['open.example'] = '93.184.215.14'
  })

  it('of one that hangs holds up no mail and no other webhook', { timeout: 60_000 }, async () => {
    const hanging = await startWebhookReceiver()
    hanging.answer = () => undefined
    try {
      const bad = await make({ url: `${hanging.url}/never`, triggers: ['BOOKING_CREATED'] })
      const hours = Array.from({ length: 6 }, (_, i) => `2026-11-23T${String(9 + i).padStart(2, '0')}:00:00Z`)
      for (const start of hours) await book({ start, email: `v${start.slice(11, 13)}@example.net` })
      await until('some hang', () => hanging.calls.length > 0)
      await make({ triggers: ['BOOKING_CREATED'] })
      const begun = performance.now()
      await book({ start: '2026-11-23T15:30:00Z', email: 'last@example.net' })
      await calls(1)
      await until('the mail', () => mails.some(({ to }) => to.address === 'last@example.net'))
      expect(performance.now() - begun).toBeLessThan(8_000)
      expect(hanging.calls.length).toBeLessThanOrEqual(2)
      await deleteWebhook(asHost(), { id: bad.id })
    } finally {
      await hanging.close()
    }
  })

  it('is forgotten after thirty days', async () => {
    const { id } = await make({ triggers: ['BOOKING_CREATED'] })
    const { bookingId } = await bookingOf(book())
    await settled(bookingId, 1)
    const log = async () =>
      (await listDeliveries(at.context.services.db, userScope(asHost()), { webhookId: id })).deliveries.length
    at.context.clock.add({ hours: 24 * 29 })
    await forgetOldDeliveries(asHost())
    expect(await log()).toBe(1)
    at.context.clock.add({ hours: 48 })
    await forgetOldDeliveries(asHost())
    expect(await log()).toBe(0)
  })
})
