import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { isOutboundFailure } from '#platform/http/outbound.ts'
import type { SignedRequest } from './rules.ts'

const TIMEOUT_MS = 10_000
/** Bytes of the answer that are kept. */
const MOST_KEPT = 4096
const MOST_HEADERS = 50
const LONGEST_HEADER = 1000
/** Characters of the request that are kept. */
const MOST_SENT_KEPT = 65_536

/** What came of one try. */
export interface Outcome {
  response: { status: number; headers: Record<string, string | string[]>; body: string } | null
  /** Code of why there was no response. */
  failure: string | null
  /** No other try will do better. */
  permanent: boolean
  milliseconds: number
}

/** One try. What the other side does wrong is told, not thrown. */
export async function send(
  { outbound }: Pick<Ctx, 'outbound'>,
  { url, headers, body }: SignedRequest,
): Promise<Outcome> {
  const begun = performance.now()
  const took = () => Math.round(performance.now() - begun)
  try {
    const answer = await outbound.send({
      ...{ url, method: 'POST', headers, body },
      ...{ timeoutMs: TIMEOUT_MS, most: MOST_KEPT, cut: true },
    })
    const response = { status: answer.status, headers: plain(answer.headers), body: readable(answer.body) }
    return { response, failure: null, permanent: false, milliseconds: took() }
  } catch (failure) {
    if (!isOutboundFailure(failure)) throw failure
    return { response: null, failure: failure.code, permanent: failure.permanent, milliseconds: took() }
  }
}

function plain(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const short = (text: string) => withoutNul(text.slice(0, LONGEST_HEADER))
  return Object.fromEntries(
    Object.entries(headers)
      .slice(0, MOST_HEADERS)
      .map(([name, value = '']) => [name, Array.isArray(value) ? value.slice(0, 5).map(short) : short(value)]),
  )
}

function readable(bytes: Buffer): string {
  return withoutNul(bytes.toString('utf8'))
}

/** PostgreSQL keeps no NUL in texts. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}

/** Writes a try into the log. */
export async function logTry(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  { id, attempts, target }: { id: string; attempts: number; target: string },
  { url, headers, body }: SignedRequest,
  { response, failure, milliseconds }: Outcome,
): Promise<void> {
  await db
    .insertInto('webhook_attempts')
    .values({
      ...{ id: uuidv7(), delivery_id: id, webhook_id: Number(target), attempt: attempts, url, failure, milliseconds },
      request_headers: JSON.stringify(headers),
      request_body: withoutNul(body.slice(0, MOST_SENT_KEPT)),
      status: response?.status ?? null,
      response_headers: JSON.stringify(response?.headers ?? {}),
      response_body: response?.body ?? '',
      created_at: clock.now(),
    })
    .execute()
}
