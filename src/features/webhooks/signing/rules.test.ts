import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { signatureHeaders } from './rules.ts'

const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' }

it('signs as the example of Standard Webhooks does', () => {
  // The published test vector: https://github.com/standard-webhooks/standard-webhooks
  const headers = signatureHeaders(message, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])
  expect(headers).toMatchObject({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

it('signs the body as Cal.com does, with the newest secret', () => {
  const expected = createHmac('sha256', 'the newest').update(message.body).digest('hex')
  expect(signatureHeaders(message, ['the newest', 'the former'])['x-cal-signature-256']).toBe(expected)
})

it('signs with every secret that is valid, the newest first', () => {
  const [one, two] = ['the newest', 'the former'].map((key) =>
    createHmac('sha256', key).update(`${message.id}.${message.timestamp}.${message.body}`).digest('base64'),
  )
  expect(signatureHeaders(message, ['the newest', 'the former'])['webhook-signature']).toBe(`v1,${one} v1,${two}`)
})

it('says so when there is no secret', () => {
  const headers = signatureHeaders(message, [])
  expect(headers['x-cal-signature-256']).toBe('no-secret-provided')
  expect(headers).not.toHaveProperty('webhook-signature')
})

it('is checked by the program that the documentation shows', () => {
  const docs = readFileSync(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8')
  const [program = ''] = /const key =[\s\S]*?\n}\n/.exec(docs) ?? []
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const timestamp = Math.floor(Date.now() / 1000)
  const tools = { Buffer, Date, Math, createHmac, timingSafeEqual, process: { env: { WEBHOOK_SECRET: secret } } }
  const isGenuine = runInNewContext(`${program}; isGenuine`, tools) as (headers: object, body: string) => boolean
  const body = '{"a":"ü"}'
  const headers = (secrets: string[], at = timestamp) => signatureHeaders({ id: 'one', timestamp: at, body }, secrets)
  expect(isGenuine(headers([secret]), body)).toBe(true)
  expect(isGenuine(headers(['another secret', secret]), body)).toBe(true)
  expect(isGenuine(headers([secret]), `${body} `)).toBe(false)
  expect(isGenuine(headers(['another secret']), body)).toBe(false)
  expect(isGenuine(headers([secret], timestamp - 301), body)).toBe(false)
  expect(isGenuine(headers([]), body)).toBe(false)
})
