import { createHmac } from 'node:crypto'

interface Message {
  /** Of the delivery: the same with every try. */
  id: string
  /** Epoch seconds of this try. */
  timestamp: number
  body: string
}

/** What Standard Webhooks puts before a secret whose bytes are in base64. */
export const SECRET_PREFIX = 'whsec_'

/**
 * Two signatures of the same body: Cal.com's, over the body alone and with the newest secret, and that of Standard Webhooks, over id and
 * time too, with every secret that is valid.
 * @param secrets the newest first; none: nothing is signed
 * @see https://www.standardwebhooks.com
 */
export function signatureHeaders({ id, timestamp, body }: Message, secrets: readonly string[]): Record<string, string> {
  const [newest] = secrets
  const signatures = secrets.map((secret) => {
    const digest = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')
    return `v1,${digest}`
  })
  return {
    'x-cal-signature-256':
      newest === undefined ? 'no-secret-provided' : createHmac('sha256', newest).update(body).digest('hex'),
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
  }
}

function keyOf(secret: string): Buffer {
  return secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret)
}
