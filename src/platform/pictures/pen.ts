import { CARD_HEIGHT, CARD_WIDTH, type CardColors, type Face } from './card.ts'
import { drawable } from './image.ts'
import { isRightToLeft, type Lettering, type Writing, widthOf } from './lettering.ts'

/** Lines of a text, of one size. */
export interface Lines extends Lettering {
  /** Pixels. */
  size: number
  lines: string[]
}

/** Of its upper left corner, on a card that is not mirrored. */
interface Place {
  at: number
  top: number
}

type Anchor = 'start' | 'middle' | 'end'

/** From line to line, and from the upper edge of the first to its base, in parts of the size. */
export const LEADING = 1.2
const BASE = 0.93
/** Middle of capital letters above the base. */
const MIDDLE = 0.36
/** Hold a line together that is read from the right: whoever draws SVG takes every line to begin on the left. */
const [FROM_RIGHT, END] = ['\u2067', '\u2069']
/** Around a face, which sets it off from the one it overlaps. */
const EDGE = 6
/** Exif's ways in which an image has to be turned. */
const UPRIGHT = [
  ...['', '', 'scale(-1 1)', 'rotate(180)', 'scale(1 -1)'],
  ...['rotate(90) scale(1 -1)', 'rotate(90)', 'rotate(-90) scale(1 -1)', 'rotate(-90)'],
]
/** The mark of src/ui/Wordmark.svelte, 32 wide. */
const HOURS = 'M16 5v2.5M5 16h2.5M24.500 16H27M8.200 8.200 10 10M23.800 8.200 22 10'
const SHADOW = 'm16 16-7 7.500'

/**
 * Draws in SVG, into which whatever anybody wrote comes through `escaped` alone. `at` counts from where lines begin: the left edge, or
 * the right one where the card is `mirrored`. Pixels.
 */
export function pen(mirrored: boolean, colors: CardColors) {
  const leftOf = (at: number, width: number) => (mirrored ? CARD_WIDTH - at - width : at)
  const start: Anchor = mirrored ? 'end' : 'start'

  return {
    document: (parts: readonly string[]) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}">${parts.join('')}</svg>`,

    /** From the upper edge to the lower one. */
    column: (at: number, width: number, color: string) =>
      `<rect x="${leftOf(at, width)}" width="${width}" height="${CARD_HEIGHT}" fill="${color}"/>`,

    lines(block: Lines | null, { at, top }: Place, color: string): string {
      const drawn = block?.lines.map((line, i) => {
        const base = top + (i * LEADING + BASE) * block.size
        return textAt({ ...block, line }, { x: leftOf(at, 0), base, anchor: start }, color)
      })
      return drawn?.join('') ?? ''
    },

    face({ image }: Face, letters: Writing | null, { at, top }: Place, size: number): string {
      const [x, y, r] = [leftOf(at, size) + size / 2, top + size / 2, size / 2]
      const edge = disc(x, y, r + EDGE, colors.paper)
      const type = image && drawable(image)
      if (type) return edge + roundImage(type.type, image, UPRIGHT[type.orientation] ?? '', { x, y, r })
      const initials = { size: size * 0.38, weight: 600, tracking: 0 } as const
      const place = { x, base: y + initials.size * MIDDLE, anchor: 'middle' } as const
      return (
        edge +
        disc(x, y, r, colors.fill) +
        (letters ? textAt({ ...initials, ...letters, line: letters.text }, place, colors.onFill) : '')
      )
    },

    /** The product's mark and name, so that they end at `at` from where lines end. */
    brand(name: Writing, { at, top }: Place): string {
      const lettering = { ...name, size: 28, weight: 600, tracking: -0.015 } as const
      const [mark, gap] = [34, 12]
      const width = mark + gap + widthOf(lettering, name.text) * lettering.size
      const x = mirrored ? at : CARD_WIDTH - at - width
      const base = top + BASE * lettering.size
      const markTop = base - MIDDLE * lettering.size - mark / 2
      const stroke = `stroke="${colors.onFill}" stroke-linecap="round" fill="none"`
      return (
        `<g transform="translate(${x} ${markTop}) scale(${mark / 32})">${disc(16, 16, 14.5, colors.fill)}` +
        `<path d="${HOURS}" stroke-width="2" ${stroke}/><path d="${SHADOW}" stroke-width="3.2" ${stroke}/></g>` +
        textAt({ ...lettering, line: name.text }, { x: x + mark + gap, base, anchor: 'start' }, colors.ink)
      )
    },
  }
}

const disc = (x: number, y: number, r: number, color: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${color}"/>`

function textAt(
  { line, text, typeface, size, weight, tracking }: Lettering & { line: string; size: number },
  { x, base, anchor }: { x: number; base: number; anchor: Anchor },
  color: string,
): string {
  const [before, after] = isRightToLeft(text) ? [FROM_RIGHT, END] : ['', '']
  const style = `font-family="${typeface.family}" font-weight="${weight}" font-size="${size}"`
  const place = `x="${x}" y="${base}" text-anchor="${anchor}" letter-spacing="${tracking * size}" fill="${color}"`
  return `<text ${place} ${style}>${before}${escaped(line)}${after}</text>`
}

function roundImage(type: string, image: Uint8Array, turned: string, { x, y, r }: { x: number; y: number; r: number }) {
  const id = `face-${x}`
  const box = `x="${-r}" y="${-r}" width="${2 * r}" height="${2 * r}" preserveAspectRatio="xMidYMid slice"`
  const href = `data:${type};base64,${Buffer.from(image).toString('base64')}`
  return (
    `<clipPath id="${id}">${disc(x, y, r, '#000')}</clipPath><g clip-path="url(#${id})">` +
    `<g transform="translate(${x} ${y}) ${turned}"><image ${box} href="${href}"/></g></g>`
  )
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '')
