import { lookup as systemLookup } from 'node:dns'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isAllowedAddress, isOpenAddress, type OutboundAllow } from './addresses.ts'

/** Why nothing came of a request: codes with a sentence under `errors.`. */
export type OutboundFailureCode =
  /** Not an address of the web, or spelled so that it hides where it leads. */
  | 'outbound_address_invalid'
  | 'outbound_needs_https'
  /** It leads into a network that is not the open internet. */
  | 'outbound_forbidden'
  | 'outbound_host_unknown'
  | 'outbound_unreachable'
  | 'outbound_tls'
  | 'outbound_timeout'
  | 'outbound_too_large'
  /** What came back is not HTTP. */
  | 'outbound_malformed'

const MARK = Symbol.for('sundial.OutboundFailure')

export class OutboundFailure extends Error {
  readonly [MARK] = true
  readonly code: OutboundFailureCode
  /** No other try will do better. */
  readonly permanent: boolean

  constructor(code: OutboundFailureCode, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.name = 'OutboundFailure'
    this.code = code
    this.permanent = ['outbound_address_invalid', 'outbound_needs_https', 'outbound_forbidden'].includes(code)
  }
}

/** The web build bundles its own copy of this class, so identity is by mark, not by `instanceof`. */
export function isOutboundFailure(error: unknown): error is OutboundFailure {
  return typeof error === 'object' && error !== null && MARK in error
}

export interface OutboundRequest {
  url: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD'
  headers?: Record<string, string>
  /** Headers that only this origin may see; with any other address nothing is sent at all. */
  credentials?: { origin: string; headers: Record<string, string> }
  body?: string | Buffer
  /** For everything together: finding the name, connecting, and the last byte of the answer. */
  timeoutMs?: number
  /** Bytes of the body. What is beyond them fails, or is left out with `cut`. */
  most?: number
  cut?: boolean
}

export interface OutboundAnswer {
  /** Redirects come back as they are: they are never followed. */
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  /** More came than was kept. */
  wasCut: boolean
}

/** The one way from this server to addresses that somebody typed in. */
export interface Outbound {
  /**
   * Judges an address before it is kept, and finds its name. The request judges it again: what a name leads to changes.
   * @returns the address in its one spelling @throws OutboundFailure
   */
  check(url: string): Promise<string>
  /** @throws OutboundFailure */
  send(request: OutboundRequest): Promise<OutboundAnswer>
}

/** As `dns.lookup` with `all`. */
export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>

export interface OutboundOptions {
  allow: OutboundAllow
  /** Finds addresses of names, as the system does when absent. */
  resolve?: Resolve
  /** PEM certificates to trust beside the known ones. */
  ca?: string
}

const TIMEOUT_MS = 10_000
const MOST_BYTES = 1_048_576
const MOST_HEADER_BYTES = 16_384
const LONGEST_URL = 2000

export function createOutbound({ allow, resolve = bySystem, ca }: OutboundOptions): Outbound {
  const isNamed = (host: string) => allow.hosts.includes(host)
  const isFine = (host: string, address: string) =>
    isNamed(host) || isAllowedAddress(allow, address) || isOpenAddress(address)

  /** Every address of a host, all of them fine. One that is not spoils the rest: nobody publishes such a mixture in good faith. */
  async function addressesOf(host: string, isPlain: boolean) {
    const bare = host.replace(/^\[|\]$/g, '')
    const found = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await resolve(bare)
    if (found.length === 0) throw new OutboundFailure('outbound_host_unknown')
    if (!found.every(({ address }) => isFine(bare, address))) throw new OutboundFailure('outbound_forbidden')
    const isInside = isNamed(bare) || found.every(({ address }) => isAllowedAddress(allow, address))
    if (isPlain && !isInside) throw new OutboundFailure('outbound_needs_https')
    return found
  }

  return {
    async check(text) {
      const url = readAddress(text)
      await within(TIMEOUT_MS, () => addressesOf(url.hostname, url.protocol === 'http:'))
      return url.href
    },
    async send({ timeoutMs = TIMEOUT_MS, ...request }) {
      const url = readAddress(request.url)
      if (request.credentials && new URL(request.credentials.origin).origin !== url.origin) {
        throw new OutboundFailure('outbound_forbidden')
      }
      return within(timeoutMs, async (signal) => {
        // The socket gets the very addresses that were judged, so a name that leads elsewhere a moment later changes nothing.
        const found = await addressesOf(url.hostname, url.protocol === 'http:')
        return exchange(url, request, { signal, lookup: pinned(found), ca })
      })
    },
  }
}

const ALPHA = /[a-z]/i

/** @throws OutboundFailure */
function readAddress(text: string): URL {
  const url = text.length <= LONGEST_URL ? URL.parse(text.trim()) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw new OutboundFailure('outbound_address_invalid')
  if (url.username !== '' || url.password !== '' || url.hostname.endsWith('.')) {
    throw new OutboundFailure('outbound_address_invalid')
  }
  // 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1: who writes an address so hides it.
  const isNumeric = isIP(url.hostname) === 4 || !ALPHA.test(url.hostname)
  const written = /^https?:\/\/([^/?#:]*)/i.exec(text.trim())?.[1]
  if (isNumeric && !url.hostname.startsWith('[') && written !== url.hostname) {
    throw new OutboundFailure('outbound_address_invalid')
  }
  url.hash = ''
  return url
}

function bySystem(host: string): ReturnType<Resolve> {
  return new Promise((done, fail) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? fail(failureOf(error)) : done(addresses)))
  })
}

function pinned(found: readonly { address: string; family: number }[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = found
    if (options.all) callback(null, [...found])
    else callback(null, first?.address ?? '', first?.family)
  }
}

async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ms)
  const late = new Promise<never>((_, fail) => {
    signal.addEventListener('abort', () => fail(new OutboundFailure('outbound_timeout')), { once: true })
  })
  try {
    return await Promise.race([work(signal), late])
  } catch (error) {
    throw isOutboundFailure(error) ? error : failureOf(error)
  }
}

interface Connection {
  signal: AbortSignal
  lookup: LookupFunction
  ca: string | undefined
}

type Wanted = Omit<OutboundRequest, 'timeoutMs'>

/** A connection of its own for each exchange: none is kept that an earlier judgement opened. */
function exchange(url: URL, wanted: Wanted, { signal, lookup, ca }: Connection): Promise<OutboundAnswer> {
  const { method, headers, credentials, body, most = MOST_BYTES, cut = false } = wanted
  const open = url.protocol === 'https:' ? secureRequest : plainRequest
  return new Promise((done, fail) => {
    const request = open(url, {
      ...{ method, signal, lookup, agent: false, maxHeaderSize: MOST_HEADER_BYTES, ...(ca && { ca }) },
      headers: {
        'user-agent': 'Sundial',
        // Nothing is unpacked, so that no small answer grows large.
        'accept-encoding': 'identity',
        ...headers,
        ...credentials?.headers,
        ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      },
    })
    request.once('error', (error) => fail(failureOf(error)))
    request.once('response', (answer) => {
      const chunks: Buffer[] = []
      let size = 0
      const settle = (wasCut: boolean) => {
        const kept = Buffer.concat(chunks).subarray(0, most)
        done({ status: answer.statusCode ?? 0, headers: answer.headers, body: kept, wasCut })
      }
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size <= most) return
        request.destroy()
        if (cut) settle(true)
        else fail(new OutboundFailure('outbound_too_large'))
      })
      answer.once('end', () => settle(false))
      answer.once('error', (error) => fail(failureOf(error)))
    })
    request.end(body)
  })
}

function failureOf(error: unknown): OutboundFailure {
  if (isOutboundFailure(error)) return error
  const { code = '', name } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ABORT_ERR') {
    return new OutboundFailure('outbound_timeout', error)
  }
  if (/^(ENOTFOUND|EAI_|ENODATA)/.test(code)) return new OutboundFailure('outbound_host_unknown', error)
  if (code === 'HPE_HEADER_OVERFLOW') return new OutboundFailure('outbound_too_large', error)
  if (/^HPE_/.test(code)) return new OutboundFailure('outbound_malformed', error)
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO/.test(code)) return new OutboundFailure('outbound_tls', error)
  return new OutboundFailure('outbound_unreachable', error)
}
