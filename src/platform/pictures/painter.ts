import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Card } from './card.ts'
import { startWorker, type Worker } from './worker.ts'

/** Draws cards, one at a time, in a process of its own that is there only as long as there is something to draw. */
export interface Painter {
  /**
   * The card as PNG. Those who ask for the same at once get one drawing, and the latest are kept.
   * @param key changes with everything that the card shows
   * @param card asked for only when it is to be drawn
   * @throws picture_unavailable when too many wait or it cannot be drawn, and whatever `card` throws
   */
  draw(key: string, card: () => Promise<Card>): Promise<Uint8Array<ArrayBuffer>>
  close(): Promise<void>
}

export interface PainterOptions {
  log: Log
  /** How long the process stays for more. Milliseconds. */
  idleMs?: number
  /** How long one drawing may take, the start of the process included. Milliseconds. */
  mostMs?: number
  /** How many may wait. */
  mostWaiting?: number
  /** Of drawings that are kept. */
  mostBytes?: number
}

const RETRY_SECONDS = 10

export function createPainter(options: PainterOptions): Painter {
  const { log, idleMs = 20_000, mostMs = 20_000, mostWaiting = 20, mostBytes = 4_000_000 } = options
  const kept = latest(mostBytes)
  const underWay = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  let queue: Promise<unknown> = Promise.resolve()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let isClosed = false

  async function paint(card: Card): Promise<Uint8Array<ArrayBuffer>> {
    if (isClosed) throw unavailable()
    clearTimeout(idle)
    const started = performance.now()
    if (!worker?.isThere()) worker = startWorker()
    try {
      const png = await worker.paint(card, mostMs)
      log.info({ bytes: png.length, ms: Math.round(performance.now() - started), pid: worker.pid }, 'picture drawn')
      idle = setTimeout(stop, idleMs).unref()
      return png
    } catch (error) {
      stop()
      log.warn({ err: error }, 'picture not drawn')
      throw unavailable(error)
    }
  }

  function stop(): void {
    clearTimeout(idle)
    worker?.stop()
    worker = null
  }

  /** Cards are made when their turn has come, since those that wait would fill the memory with images. */
  async function inTurn(key: string, card: () => Promise<Card>): Promise<Uint8Array<ArrayBuffer>> {
    const drawing = queue.then(async () => paint(await card()))
    queue = drawing.catch(() => undefined)
    try {
      const png = await drawing
      kept.put(key, png)
      return png
    } finally {
      underWay.delete(key)
    }
  }

  return {
    async draw(key, card) {
      const found = kept.get(key) ?? underWay.get(key)
      if (found) return found
      if (underWay.size >= mostWaiting) throw unavailable()
      const drawing = inTurn(key, card)
      underWay.set(key, drawing)
      return drawing
    },
    async close() {
      isClosed = true
      stop()
      await queue
    },
  }
}

const unavailable = (cause?: unknown) =>
  new AppError('picture_unavailable', 'unavailable', { retryAfterSeconds: RETRY_SECONDS }, cause)

/** Of what was put there, what was asked for last, as much as `most` bytes have room for. */
function latest(most: number) {
  const pngs = new Map<string, Uint8Array<ArrayBuffer>>()
  let bytes = 0
  return {
    get(key: string): Uint8Array<ArrayBuffer> | undefined {
      const png = pngs.get(key)
      if (!png) return undefined
      pngs.delete(key)
      pngs.set(key, png)
      return png
    },
    put(key: string, png: Uint8Array<ArrayBuffer>): void {
      pngs.set(key, png)
      bytes += png.length
      for (const [oldest, { length }] of pngs) {
        if (bytes <= most) return
        pngs.delete(oldest)
        bytes -= length
      }
    },
  }
}
