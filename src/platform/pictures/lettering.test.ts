import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { isRightToLeft, type Room, typeset, type Weight, widthOf, writable } from './lettering.ts'
import { FONT_FILES, TYPEFACES } from './typefaces.ts'

const written = (...texts: string[]) => {
  const writing = writable(texts, TYPEFACES)
  return writing && [writing.text, writing.typeface.family]
}

describe('what is written', () => {
  it.each([
    ['Beratung für Größe, ½ Stunde', 'Beratung für Größe, ½ Stunde', 'Inter'],
    ['Đặng Thị, Ελένη, Кирилл', 'Đặng Thị, Ελένη, Кирилл', 'Inter'],
    ['שיעור 1: Maths', 'שיעור 1: Maths', 'Noto Sans Hebrew'],
    ['می‌خواهم، سلام', 'می‌خواهم، سلام', 'Noto Sans Arabic'],
    // Composed of a letter and what stands above it.
    ['Jose\u0301', 'José', 'Inter'],
  ])('%j by one typeface that has all of it', (text, ...expected) => {
    expect(written(text)).toEqual(expected)
  })

  it.each([
    ['emoji', '🎉 Party 👩‍💻 time 🏳️‍🌈🇩🇪', 'Party time'],
    ['keycaps and skins', '1️⃣ Hi 👋🏽', '1 Hi'],
    ['letters of mathematics', '𝓗𝓮𝓵𝓵𝓸 𝟙', 'Hello 1'],
    ['what turns lines around, and what is not seen', '\u202eab\u0000c\u2066\u00add\u200be\ufeff', 'ab cde'],
    ['lines and tabs', ' a\r\n\tb\u2028c ', 'a b c'],
    ['halves of characters', 'a\ud83db', 'ab'],
    ['spaces that hold together', '1\u202fStd.', '1\u00a0Std.'],
  ])('without %s', (_, text, expected) => {
    expect(written(text)?.[0]).toBe(expected)
  })

  it.each(['山田 花子', 'Ada 花子', 'สมชาย', 'שלום مرحبا', '🎉', ' \u200b ', ''])('%j cannot be', (text) => {
    expect(written(text)).toBeNull()
    expect(written(text, 'book.example.org/ada')?.[0]).toBe('book.example.org/ada')
  })

  it('with one typeface in both weights', () => {
    const letters = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).filter((one) =>
      /\p{L}/u.test(one),
    )
    for (const { family, fonts } of TYPEFACES) {
      const differing = letters.filter((one) => fonts[400].writes(one) !== fonts[600].writes(one))
      expect([family, differing]).toEqual([family, []])
    }
  })

  it('from the right where its first letter is', () => {
    expect(['שלום', '1. مرحبا', 'Ada שלום', '30', 'שלום Ada'].map(isRightToLeft)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
  })
})

describe('widths', () => {
  /** As it is drawn, from the first edge to the last. */
  function drawnWidth(text: string, family: string, weight: Weight): number {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="200"><text x="10" y="100" font-size="100"
      font-family="${family}" font-weight="${weight}">${text}</text></svg>`
    const font = { loadSystemFonts: false, fontFiles: FONT_FILES }
    return new Resvg(svg, { font }).getBBox()?.width ?? 0
  }

  it.each([400, 600] as const)('are those of what is drawn, in weight %i', (weight) => {
    for (const typeface of TYPEFACES) {
      for (const text of ['Hamburgefonstiv', 'nnnnnnnnnn', '0123456789', 'HHHHHHHH']) {
        const computed = widthOf({ text, typeface, weight, tracking: 0 }, text) * 100
        const drawn = drawnWidth(text, typeface.family, weight)
        // The space beside the first and the last letter, and pairs that stand closer.
        expect([text, Math.abs(computed - drawn) < 25]).toEqual([text, true])
      }
    }
  })
})

describe('lines', () => {
  const room: Room = {
    width: 600,
    weight: 600,
    tracking: 0,
    sizes: [
      { size: 60, lines: 1 },
      { size: 40, lines: 2 },
    ],
  }
  const lines = (text: string) => {
    const writing = writable([text], TYPEFACES)
    if (!writing) throw new Error(text)
    const set = typeset(writing, room)
    for (const line of set.lines) expect(widthOf({ ...writing, ...room }, line) * set.size).toBeLessThanOrEqual(600)
    return [set.size, ...set.lines]
  }

  it('are of the first size at which whole words fit', () => {
    expect(lines('A talk')).toEqual([60, 'A talk'])
    expect(lines('A talk about many things at once')).toEqual([40, 'A talk about many', 'things at once'])
    // One line would do at the first, were it broken.
    expect(lines('Rechtsschutzversicherung')[0]).toBe(40)
  })

  it('end with an ellipsis where there is no more room, and break words only where they must', () => {
    expect(lines('word '.repeat(50))).toEqual([40, 'word word word word word', 'word word word word word…'])
    const [, first = '', second = ''] = lines('ä'.repeat(200)) as [number, string, string]
    expect([first.length > 10, second.endsWith('ä…')]).toEqual([true, true])
    expect(lines(`${'x'.repeat(45)} end`)).toHaveLength(3)
  })

  it('never part a letter from what stands above it', () => {
    const [, ...all] = lines('x\u0301'.repeat(200)) as [number, ...string[]]
    for (const line of all) expect(line.replace('…', '').length % 2).toBe(0)
  })
})
