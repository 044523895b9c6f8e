import { kill } from 'node:process'
import pino from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { refusal } from '#test/refusal.ts'
import type { Card } from './card.ts'
import { createPainter, type Painter, type PainterOptions } from './painter.ts'

const CARD: Card = {
  faces: [{ image: null, letters: ['AL'] }],
  byline: [],
  heading: ['Ada Lovelace'],
  text: ['Choose a time with Ada Lovelace.'],
  address: 'book.example.org/ada',
  brand: null,
  colors: {
    ...{ paper: '#f7f4ee', ink: '#1f1c17', soft: '#5c5549' },
    ...{ fill: '#0d6b5f', onFill: '#ffffff', accent: '#0b5f55' },
  },
}

const open: Painter[] = []
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())))

/** With what it says in the log. */
function painter(options: Partial<PainterOptions> = {}) {
  const said: { msg: string; pid: number }[] = []
  const log = pino({ base: null }, { write: (line) => said.push(JSON.parse(line)) })
  const made = createPainter({ log, ...options })
  open.push(made)
  const drawn = () => said.filter(({ msg }) => msg === 'picture drawn')
  return { draw: made.draw, drawn, close: made.close }
}

const card = (heading = CARD.heading[0] ?? '') => Promise.resolve({ ...CARD, heading: [heading] })
function isRunning(pid: number): boolean {
  try {
    return kill(pid, 0)
  } catch {
    return false
  }
}

describe('a painter', () => {
  it('draws once for 50 who ask at once, and not again for those who ask later', async () => {
    const { draw, drawn } = painter()
    let asked = 0
    const drawings = Array.from({ length: 50 }, () =>
      draw('a', () => {
        asked++
        return card()
      }),
    )
    const pngs = await Promise.all(drawings)
    for (const png of pngs) expect(Buffer.from(png).toString('latin1', 0, 4)).toBe('\x89PNG')
    expect(Buffer.from(await draw('a', card)).equals(Buffer.from(pngs[0] ?? []))).toBe(true)
    expect([asked, drawn().length]).toEqual([1, 1])
  })

  it('draws different ones after each other in one process, which ends when there is no more', async () => {
    const { draw, drawn } = painter({ idleMs: 50 })
    await Promise.all(['a', 'b', 'c'].map((key) => draw(key, () => card(key))))
    const pids = new Set(drawn().map(({ pid }) => pid))
    expect([pids.size, drawn().length]).toEqual([1, 3])
    const [pid = 0] = pids
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000 })
    await draw('d', card)
    expect(drawn().at(-1)?.pid).not.toBe(pid)
  })

  it('starts another process for one that was ended', async () => {
    const { draw, drawn } = painter()
    await draw('a', card)
    const { pid } = drawn()[0] ?? { pid: 0 }
    kill(pid, 'SIGKILL')
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000 })
    expect(await refusal(draw('b', card))).toMatch(/^(done|picture_unavailable)$/)
    expect(await refusal(draw('c', card))).toBe('done')
  })

  it('gives up on what takes too long, and goes on', async () => {
    const { draw } = painter({ mostMs: 1 })
    expect(await refusal(draw('a', card))).toBe('picture_unavailable')
    const patient = painter()
    expect(await refusal(patient.draw('a', card))).toBe('done')
  })

  it('refuses those who would wait too long, and takes them later', async () => {
    const { draw } = painter({ mostWaiting: 3 })
    const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'a'].map((key) => refusal(draw(key, card))))
    expect(outcomes).toEqual(['done', 'done', 'done', 'picture_unavailable', 'done'])
    expect(await refusal(draw('d', card))).toBe('done')
  })

  it('keeps no more than there is room for, and what was asked for last', async () => {
    const { length } = await painter().draw('a', card)
    const { draw, drawn } = painter({ mostBytes: 2.5 * length })
    for (const key of ['a', 'b', 'a', 'c', 'a']) await draw(key, card)
    expect(drawn().length).toBe(3)
    await draw('b', card)
    expect(drawn().length).toBe(4)
  })

  it('keeps nothing of what could not be drawn', async () => {
    const { draw } = painter()
    await expect(draw('a', () => Promise.reject(new Error('no card')))).rejects.toThrow('no card')
    const broken = { ...CARD, colors: { ...CARD.colors, fill: '<' } }
    expect(await refusal(draw('a', () => Promise.resolve(broken)))).toBe('picture_unavailable')
    expect(await refusal(draw('a', card))).toBe('done')
  })

  it('leaves no process behind', async () => {
    const { draw, drawn, close } = painter()
    await draw('a', card)
    await close()
    const { pid } = drawn()[0] ?? { pid: 0 }
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000 })
    expect(await refusal(draw('b', card))).toBe('picture_unavailable')
  })
})
