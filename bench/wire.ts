import { connect, type Socket } from 'node:net'

/** One request as it goes over the wire, made once and sent again and again. */
export type Message = Buffer

export interface Answer {
  status: number
  headers: string
  body: Buffer
  /** Bytes of the whole answer on the wire. */
  length: number
}

/** A connection that is kept open. */
export interface Wire {
  /** One after the other. @throws when the server closes the connection */
  ask(message: Message): Promise<Answer>
  close(): void
}

export interface MessageParts {
  method?: 'GET' | 'POST'
  url: URL
  headers?: Record<string, string>
  body?: string
}

export function messageOf({ method = 'GET', url, headers = {}, body = '' }: MessageParts): Message {
  const all = { host: url.host, ...headers, ...(method === 'POST' && { 'content-length': Buffer.byteLength(body) }) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`${method} ${url.pathname}${url.search} HTTP/1.1`, ...lines, '', body].join('\r\n'))
}

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const NEW_LINE = Buffer.from('\r\n')

/**
 * Speaks just enough HTTP/1.1 (RFC 9112) to measure a server: a general client would cost as much as the server, and both share the
 * machine.
 */
export async function openWire({ hostname, port }: URL): Promise<Wire> {
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return { ask: (message) => exchange(socket, message), close: () => socket.destroy() }
}

function exchange(socket: Socket, message: Message): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // It may have been closed while nothing was asked.
    if (socket.destroyed) return reject(new Error('the server closed the connection'))
    let received: Buffer = Buffer.alloc(0)
    const settle = (done: () => void) => {
      socket.off('data', onData).off('error', onError).off('close', onClose)
      done()
    }
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const answer = parse(received)
      if (answer) settle(() => resolve(answer))
    }
    const onError = (error: Error) => settle(() => reject(error))
    const onClose = () => settle(() => reject(new Error('the server closed the connection')))
    socket.on('data', onData).on('error', onError).on('close', onClose)
    socket.write(message)
  })
}

/** Null while something is missing. */
function parse(received: Buffer): Answer | null {
  const end = received.indexOf(END_OF_HEAD)
  if (end < 0) return null
  const headers = received.toString('latin1', 0, end)
  const start = end + END_OF_HEAD.length
  const status = Number(headers.slice(9, 12))
  const body = /\r\ntransfer-encoding: chunked/i.test(headers)
    ? chunked(received, start)
    : sized(received, start, Number(/\r\ncontent-length: (\d+)/i.exec(headers)?.[1] ?? 0))
  return body && { status, headers, body, length: received.length }
}

function sized(received: Buffer, start: number, length: number): Buffer | null {
  return received.length < start + length ? null : received.subarray(start, start + length)
}

function chunked(received: Buffer, start: number): Buffer | null {
  const chunks: Buffer[] = []
  for (let at = start; ; ) {
    const line = received.indexOf(NEW_LINE, at)
    if (line < 0) return null
    const length = Number.parseInt(received.toString('latin1', at, line), 16)
    const next = line + NEW_LINE.length + length + NEW_LINE.length
    if (received.length < next) return null
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(received.subarray(line + NEW_LINE.length, next - NEW_LINE.length))
    at = next
  }
}

/** Sends messages over one connection. @throws when an answer does not have the status */
export async function repeat(wire: Wire, times: number, next: () => Message, status: number): Promise<void> {
  for (let i = 0; i < times; i++) expectStatus(await wire.ask(next()), status)
}

/** Answers per second over so many connections at once. @throws when an answer does not have the status */
export async function ratePerSecond(
  url: URL,
  { concurrency, milliseconds, next, status }: LoadOptions,
): Promise<number> {
  const wires = await Promise.all(Array.from({ length: concurrency }, () => openWire(url)))
  const start = performance.now()
  const until = start + milliseconds
  let answers = 0
  await Promise.all(
    wires.map(async (wire) => {
      while (performance.now() < until) {
        expectStatus(await wire.ask(next()), status)
        answers++
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  for (const wire of wires) wire.close()
  return answers / seconds
}

export interface LoadOptions {
  concurrency: number
  milliseconds: number
  next: () => Message
  status: number
}

function expectStatus({ status, headers, body }: Answer, wanted: number): void {
  if (status !== wanted) throw new Error(`answered with ${status}:\n${headers}\n${body.toString('utf8').slice(0, 500)}`)
}
