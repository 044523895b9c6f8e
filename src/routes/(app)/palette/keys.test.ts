import { describe, expect, it } from 'vitest'
import { chordReader, opensPalette } from './keys.ts'

const NO_MODIFIER = {
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  repeat: false,
}
const press = (key: string, more: Partial<typeof NO_MODIFIER & { code: string }> = {}) => ({
  ...{ key, code: `Key${key.toUpperCase()}` },
  ...NO_MODIFIER,
  ...more,
})
const MEANINGS = new Map([
  ['e t', 'event-types'],
  ['t o', 'away'],
  ['?', 'keys'],
])

/** What each press means; one every 100 ms. */
function read(presses: ReturnType<typeof press>[], apart = 100): (string | null)[] {
  const reader = chordReader(MEANINGS)
  return presses.map((one, at) => reader(one, at * apart))
}

describe('two keys one after the other', () => {
  it('mean something', () => {
    expect(read([press('e'), press('t')])).toEqual([null, 'event-types'])
    expect(read([press('E'), press('T')])).toEqual([null, 'event-types'])
  })

  it('are not read twice', () => {
    expect(read([press('e'), press('t'), press('o')])).toEqual([null, 'event-types', null])
  })

  it('begin again with the second where the two mean nothing', () => {
    expect(read([press('x'), press('t'), press('o')])).toEqual([null, null, 'away'])
  })

  it('mean nothing with a long pause between them', () => {
    expect(read([press('e'), press('t')], 2000)).toEqual([null, null])
  })

  it.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }, { repeat: true }])(
    'mean nothing with %j',
    (more) => {
      expect(read([press('e'), press('t', more), press('t')])).toEqual([null, null, null])
    },
  )

  it('are found by their place on a keyboard of another alphabet', () => {
    expect(read([press('у', { code: 'KeyE' }), press('е', { code: 'KeyT' })])).toEqual([null, 'event-types'])
  })

  it('go by what a key writes, not by its place, in a Latin alphabet', () => {
    expect(read([press('e'), press('t', { code: 'KeyY' })])).toEqual([null, 'event-types'])
  })
})

it('a single key means something by itself', () => {
  expect(read([press('?', { code: 'Slash', shiftKey: true })])).toEqual(['keys'])
})

it.each([
  [{ ctrlKey: true }, true],
  [{ metaKey: true }, true],
  [{}, false],
  [{ ctrlKey: true, shiftKey: true }, false],
  [{ ctrlKey: true, altKey: true }, false],
])('K with %j opens the palette: %s', (more, opens) => {
  expect(opensPalette(press('k', more))).toBe(opens)
})
