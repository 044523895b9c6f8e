import { createHmac } from 'node:crypto'
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
