import { RefusedError, UnreachableError } from './errors.ts'
import { API_VERSION } from './operations.ts'

export interface SundialOptions {
  /** Address of the installation, such as `https://book.example.org`. */
  url: string
  /** A key of a host, `sun_…`. Without one there is what visitors can do. Keep it out of pages: whoever sees it can use it. */
  key?: string
  /** How often a call that can be sent again is: 2. */
  retries?: number
  /** How long one attempt may take, in milliseconds: 30,000. */
  timeout?: number
  /** Instead of the one of the platform. */
  fetch?: typeof fetch
}

export interface CallOptions {
  /**
   * What a POST is called, for the installation to do it once: sent again within 24 hours, it gets the first reply. Without one the call
   * gets a random one, so that it survives a broken connection; name it yourself to survive a restart of your program.
   */
  idempotencyKey?: string
  signal?: AbortSignal
}

export interface Request {
  method: string
  /** With its query. */
  path: string
  body?: unknown
}

/** A reply as it came: `data`, and `pagination` of lists. */
export interface Reply {
  data: unknown
  pagination?: unknown
}

const FIRST_PAUSE_MS = 500
/** Who is told to wait longer than this wants to know it instead. */
const LONGEST_PAUSE_MS = 60_000

/**
 * Sends a request until there is an answer. Sent again are reading requests and those with an idempotency key, when the connection broke
 * or the installation says 429 or 503, after as long as `Retry-After` says.
 * @throws RefusedError, UnreachableError; the signal's reason when it aborts
 */
export async function send(settings: SundialOptions, request: Request, options: CallOptions = {}): Promise<Reply> {
  const idempotencyKey = request.method === 'POST' ? (options.idempotencyKey ?? randomKey()) : undefined
  const repeatable = request.method === 'GET' || idempotencyKey !== undefined
  const most = repeatable ? (settings.retries ?? 2) : 0
  for (let attempt = 0; ; attempt++) {
    try {
      return await sendOnce(settings, request, { ...options, idempotencyKey })
    } catch (error) {
      options.signal?.throwIfAborted()
      const pause = attempt < most ? pauseAfter(error, attempt) : null
      if (pause === null || pause > LONGEST_PAUSE_MS) throw error
      await wait(pause, options.signal)
    }
  }
}

async function sendOnce(
  settings: SundialOptions,
  { method, path, body }: Request,
  options: CallOptions,
): Promise<Reply> {
  const limit = AbortSignal.timeout(settings.timeout ?? 30_000)
  const headers = {
    Accept: 'application/json',
    'cal-api-version': API_VERSION,
    ...(settings.key !== undefined && { Authorization: `Bearer ${settings.key}` }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(options.idempotencyKey !== undefined && { 'Idempotency-Key': options.idempotencyKey }),
  }
  const address = `${settings.url.replace(/\/+$/, '')}${path}`
  const init: RequestInit = {
    ...{ method, headers, signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit },
    // Cookies count for nothing here, and a key is for one installation only.
    ...{ credentials: 'omit', redirect: 'error' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  let answer: Response
  let text: string
  try {
    answer = await (settings.fetch ?? fetch)(address, init)
    text = await answer.text()
  } catch (cause) {
    throw new UnreachableError(`No answer to ${method} ${address}`, { cause })
  }
  const reply = parsed(text)
  if (!answer.ok) throw refused(answer, reply)
  if (reply?.status === 'success') return reply as unknown as Reply
  throw new UnreachableError(`${address} answers, and is no API of Sundial. Is the address of the installation right?`)
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What stands in front of an installation refuses in words of its own. */
function refused({ status, statusText, headers }: Response, reply: Record<string, unknown> | null): RefusedError {
  const told = (typeof reply?.error === 'object' ? reply.error : null) as Partial<RefusedError> | null
  return new RefusedError({
    status,
    code: told?.code ?? `http_${status}`,
    message: told?.message ?? (statusText || `Refused with ${status}`),
    details: told?.details ?? {},
    requestId: headers.get('X-Request-Id'),
    retryAfterSeconds: secondsOf(headers.get('Retry-After')),
  })
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function secondsOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return Number.isNaN(seconds) ? null : Math.max(0, Math.ceil(seconds))
}

/** Milliseconds; null: sending it again would change nothing. */
function pauseAfter(error: unknown, attempt: number): number | null {
  if (error instanceof RefusedError) {
    if (error.status !== 429 && error.status !== 503) return null
    if (error.retryAfterSeconds !== null) return error.retryAfterSeconds * 1000
  } else if (!(error instanceof UnreachableError && error.cause !== undefined)) return null
  // Those who were refused together do not come back together.
  return FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random() / 2)
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const timer = setTimeout(done, ms)
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/** `crypto.randomUUID` is missing in pages that came without TLS. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
