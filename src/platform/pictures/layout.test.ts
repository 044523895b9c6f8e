import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CARD_DRAWING, CARD_HEIGHT, CARD_WIDTH, type Card } from './card.ts'
import { drawCard } from './drawing.ts'
import { layOut } from './layout.ts'

const CARD: Card = {
  faces: [{ image: null, letters: ['AL'] }],
  byline: ['Ada Lovelace'],
  heading: ['Maths lesson'],
  text: ['30 min · 1 hr'],
  address: 'book.example.org/ada/maths',
  brand: 'Sundial',
  colors: {
    ...{ paper: '#f7f4ee', ink: '#1f1c17', soft: '#5c5549' },
    ...{ fill: '#0d6b5f', onFill: '#ffffff', accent: '#0b5f55' },
  },
}

/** Texts of a card, in the order in which they are drawn, with where they begin. */
function textsOf(card: Partial<Card>): [x: number, text: string][] {
  const texts = layOut({ ...CARD, ...card }).matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)</g)
  return Array.from(texts, ([, x, text = '']) => [Number(x), text])
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('a card', () => {
  it('says who, what, and where it leads', () => {
    expect(textsOf({}).map(([, text]) => text)).toEqual([
      ...['AL', 'Ada Lovelace', 'Maths lesson', '30 min · 1 hr', 'book.example.org/ada/maths', 'Sundial'],
    ])
    expect(textsOf({ brand: null, byline: [], text: [] }).map(([, text]) => text)).toEqual([
      ...['AL', 'Maths lesson', 'book.example.org/ada/maths'],
    ])
  })

  it('has its address instead of a title that cannot be written', () => {
    const faces = [{ image: null, letters: ['山花', 'H'] }]
    const texts = textsOf({ faces, heading: ['花子のレッスン'], byline: ['山田 花子'] })
    expect(texts.map(([, text]) => text)).toEqual(['H', 'book.example.org/ada/maths', '30 min · 1 hr', 'Sundial'])
  })

  it('is turned around for what is read from the right', () => {
    const heading = (card: Partial<Card>) => textsOf(card).find(([, text]) => /lesson|שיעור/.test(text))
    expect(heading({})).toEqual([88, 'Maths lesson'])
    expect(heading({ heading: ['שיעור 1!'] })).toEqual([1112, '\u2067שיעור 1!\u2069'])
  })

  it('takes whatever anybody wrote for text', () => {
    const hostile = `"><image href="/etc/passwd"/> & 'so' <b>\u0001]]>&amp;`
    const svg = layOut({
      ...CARD,
      heading: [hostile],
      byline: [hostile],
      text: [hostile],
      address: hostile,
      brand: hostile,
    })
    expect(['<image', '<b>', '\u0001'].filter((one) => svg.includes(one))).toEqual([])
    expect(svg).toContain('&quot;&gt;&lt;image href=&quot;/etc/passwd&quot;/&gt; &amp; &#39;so&#39;')
    expect(drawCard({ ...CARD, heading: [hostile], byline: [hostile] }).length).toBeGreaterThan(5000)
  })

  it('draws an image that was uploaded, and letters where it cannot be', () => {
    const card = (image: Uint8Array | null) => layOut({ ...CARD, faces: [{ image, letters: ['AL'] }] })
    expect(card(PIXEL)).toContain(`href="data:image/png;base64,${PIXEL.toString('base64')}"`)
    expect(card(PIXEL)).not.toContain('>AL<')
    expect(card(Buffer.from('RIFF\0\0\0\0WEBP'))).toBe(card(null))
  })

  it('is a PNG of its size, with its colours', () => {
    const png = Buffer.from(drawCard(CARD))
    expect(png.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([CARD_WIDTH, CARD_HEIGHT])
    const fill = (color: string) => drawCard({ ...CARD, colors: { ...CARD.colors, fill: color } })
    expect(Buffer.from(fill('#c2185b')).equals(png)).toBe(false)
  })

  it('is another drawing when it is drawn differently', () => {
    const drawn = createHash('sha256')
      .update(layOut({ ...CARD, faces: [...CARD.faces, { image: PIXEL, letters: [] }] }))
      .digest('base64url')
    // Whoever changes the second has to raise the first: pictures are kept under it for a year.
    expect([CARD_DRAWING, drawn.slice(0, 12)]).toEqual([1, 'XP7I5YU5fJ5a'])
  })
})
