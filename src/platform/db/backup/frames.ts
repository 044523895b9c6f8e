import { createHash } from 'node:crypto'

/** The file is not a backup, is damaged, or does not fit; the message says which and what to do. */
export class BackupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BackupError'
  }
}

/**
 * A backup is a zstd stream of frames: one byte for the kind, four for the length (big endian), then the payload.
 * header, then per table: table, rows…, tableEnd; then sequences; then end, which holds the SHA-256 of all before it.
 */
const KINDS = { header: 'H', table: 'T', rows: 'R', tableEnd: 'Z', sequences: 'S', end: 'E' } as const
export type FrameKind = keyof typeof KINDS

export interface Frame {
  kind: FrameKind
  payload: Buffer
}

const HEAD_BYTES = 5
const MOST_PAYLOAD_BYTES = 2 ** 20
const kindOf = new Map(Object.entries(KINDS).map(([kind, letter]) => [letter.charCodeAt(0), kind as FrameKind]))

/** Encodes frames and adds the one that ends them. */
export async function* encode(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const { kind, payload } of frames) {
    // Rows are a stream, which may be cut anywhere.
    for (let from = 0; from === 0 || from < payload.length; from += MOST_PAYLOAD_BYTES) {
      const part = payload.subarray(from, from + MOST_PAYLOAD_BYTES)
      const head = headOf(kind, part.length)
      hash.update(head).update(part)
      yield head
      yield part
    }
  }
  const digest = hash.digest()
  yield Buffer.concat([headOf('end', digest.length), digest])
}

function headOf(kind: FrameKind, length: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.write(KINDS[kind], 'latin1')
  head.writeUInt32BE(length, 1)
  return head
}

/**
 * Decodes frames up to the end, which is checked and not given out.
 * @throws BackupError where the file is cut off or altered.
 */
export async function* decode(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const hash = createHash('sha256')
  let rest = Buffer.alloc(0)
  let ended = false
  for await (const chunk of readable(bytes)) {
    if (ended) throw damaged()
    rest = Buffer.concat([rest, chunk])
    let at = 0
    while (rest.length - at >= HEAD_BYTES) {
      const kind = kindOf.get(rest.readUInt8(at))
      const length = rest.readUInt32BE(at + 1)
      if (kind === undefined || length > MOST_PAYLOAD_BYTES) throw damaged()
      const next = at + HEAD_BYTES + length
      if (rest.length < next) break
      const payload = Buffer.from(rest.subarray(at + HEAD_BYTES, next))
      if (kind === 'end') {
        if (!hash.digest().equals(payload) || rest.length > next) throw damaged()
        ended = true
      } else {
        hash.update(rest.subarray(at, next))
        yield { kind, payload }
      }
      at = next
    }
    rest = rest.subarray(at)
  }
  if (!ended) throw new BackupError('The backup is cut off: its end is missing. Nothing was restored.')
}

/** The decompressor's complaints, said in our words. */
async function* readable(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* bytes
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'Z_BUF_ERROR' || /unexpected end/i.test(String(error))) return
    if (code.startsWith('ZSTD_') || code.startsWith('ERR_ZSTD')) throw damaged(error)
    throw error
  }
}

function damaged(cause?: unknown): BackupError {
  return new BackupError('This is no backup of Sundial, or it is damaged. Nothing was restored.', cause)
}

export function jsonFrame(kind: FrameKind, value: object): Frame {
  const payload = Buffer.from(JSON.stringify(value))
  if (payload.length > MOST_PAYLOAD_BYTES) throw new BackupError(`The ${kind} frame of the backup is too large.`)
  return { kind, payload }
}
