import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertEventType, insertHost } from '#test/offers.ts'
import { createSundial, firstOf, RefusedError, type Sundial, UnreachableError } from '../../sdk/src/index.ts'
import { type ApiServer, listening, startApi, stopped } from './server.ts'

/** What stands between the client and the API: it may refuse, or lose what came back. */
type Trouble = (req: IncomingMessage, res: ServerResponse, pass: () => Promise<Response>) => unknown

let api: ApiServer
let between: { server: Server; url: string }
let trouble: Trouble[]
let seen: IncomingMessage[]
let eventTypeId: number
let sundial: Sundial

beforeAll(async () => {
  api = await startApi()
  const { db } = api.test.services
  eventTypeId = await insertEventType(db, (await insertHost(db)).id)
  between = await listening(async (req, res) => {
    seen.push(req)
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const pass = () =>
      fetch(`${api.url}${req.url}`, {
        method: req.method ?? 'GET',
        headers: req.headers as Record<string, string>,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      })
    const next = trouble.shift()
    if (next) return next(req, res, pass)
    const answer = await pass()
    res.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
})
afterAll(async () => {
  await stopped(between.server)
  await api.close()
})
beforeEach(() => {
  trouble = []
  seen = []
  sundial = createSundial({ url: between.url })
})
afterEach(() => expect(trouble).toEqual([]))

const refuse =
  (status: number, headers: Record<string, string> = {}): Trouble =>
  (_, res) =>
    res.writeHead(status, headers).end('<h1>Not now</h1>')
const breakOff: Trouble = (req) => req.socket.destroy()
/** It was done, and nobody heard of it. */
const loseReply: Trouble = async (req, _, pass) => {
  expect((await pass()).status).toBe(201)
  req.socket.destroy()
}
const slots = (client = sundial) => client.getAvailableSlots({ eventTypeId, start: '2026-11-24', end: '2026-11-24' })
const bookings = async () => (await api.test.services.db.selectFrom('bookings').select('uid').execute()).length
const wanted = (hour: string) => ({
  ...{ eventTypeId, start: `2026-11-24T${hour}:00:00Z` },
  attendee: { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'UTC' },
})

describe('sending again', () => {
  it('waits as long as it is told', async () => {
    trouble = [refuse(429, { 'Retry-After': '1' }), refuse(503, { 'Retry-After': '0' })]
    const begun = performance.now()
    expect(Object.keys(await slots())).toEqual(['2026-11-24'])
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990)
    expect(seen).toHaveLength(3)
  })

  it('understands a date, too', async () => {
    trouble = [refuse(503, { 'Retry-After': new Date(Date.now() - 5000).toUTCString() })]
    await slots()
    expect(seen).toHaveLength(2)
  })

  it('does not book twice when the reply got lost', async () => {
    const before = await bookings()
    trouble = [loseReply, breakOff]
    const booked = firstOf(await sundial.createBooking(wanted('09')))
    expect(booked.status).toBe('accepted')
    expect((await bookings()) - before).toBe(1)
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  })

  it('gives each thing to be done a name of its own', async () => {
    await sundial.createBooking(wanted('10'))
    await sundial.createBooking(wanted('11'))
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(2)
  })

  it('is not done for what may not be sent twice', async () => {
    for (const once of [refuse(429, { 'Retry-After': '0' }), breakOff]) {
      trouble = [once]
      await expect(sundial.deleteReservedSlot('some-reservation')).rejects.toThrow(/Too Many|No answer/)
    }
    expect(seen).toHaveLength(2)
  })

  it('ends some time', async () => {
    trouble = [503, 503, 503].map((status) => refuse(status, { 'Retry-After': '0' }))
    const error = await slots().catch((reason) => reason)
    expect(error).toBeInstanceOf(RefusedError)
    expect([error.status, error.code, error.retryAfterSeconds]).toEqual([503, 'http_503', 0])
    trouble = [breakOff]
    await expect(slots(createSundial({ url: between.url, retries: 0 }))).rejects.toThrow(UnreachableError)
  })

  it('is left to the caller when the wait is long', async () => {
    trouble = [refuse(429, { 'Retry-After': '3600' })]
    await expect(slots()).rejects.toMatchObject({ retryAfterSeconds: 3600 })
  })

  it('is not done after other refusals', async () => {
    trouble = [refuse(500)]
    await expect(slots()).rejects.toMatchObject({ status: 500 })
    expect(seen).toHaveLength(1)
  })
})

describe('a call', () => {
  it('ends when its caller wants, on the way and while it waits', async () => {
    const stop = new AbortController()
    trouble = [() => stop.abort(new Error('enough'))]
    await expect(sundial.getMe({ signal: stop.signal })).rejects.toThrow('enough')
    const later = new AbortController()
    const refusing = refuse(503, { 'Retry-After': '30' })
    trouble = [
      (...exchange) => {
        setTimeout(() => later.abort(new Error('enough')), 200)
        return refusing(...exchange)
      },
    ]
    await expect(sundial.getMe({ signal: later.signal })).rejects.toThrow('enough')
  })

  it('ends when nothing comes', async () => {
    trouble = [() => undefined]
    const hasty = createSundial({ url: between.url, timeout: 1000, retries: 0 })
    await expect(slots(hasty)).rejects.toThrow(UnreachableError)
  })

  it('says that something else answers there', async () => {
    trouble = [refuse(200)]
    await expect(slots()).rejects.toThrow(/no API of Sundial/)
  })

  it('does not take its key elsewhere', async () => {
    trouble = [refuse(302, { Location: `${api.url}/v2/me` })]
    await expect(createSundial({ url: between.url, key: 'sun_x', retries: 0 }).getMe()).rejects.toThrow(
      UnreachableError,
    )
    expect(seen).toHaveLength(1)
  })
})
