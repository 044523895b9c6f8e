import type { Font } from './font.ts'

export type Weight = 400 | 600

/** A family that is the same in both weights: what one writes, the other does, too. */
export interface Typeface {
  family: string
  fonts: Readonly<Record<Weight, Font>>
}

/** A text that one typeface writes. */
export interface Writing {
  text: string
  typeface: Typeface
}

/** Characters; nothing on a card has room for more. */
const LONGEST = 400
const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}]/u
const ELLIPSIS = '…'

/**
 * The first of `texts` that a typeface writes as a whole, since what draws it takes the letters of a line from one; null: none can be
 * written. Emoji and other signs without a shape are left out, letters and digits never.
 */
export function writable(texts: readonly string[], typefaces: readonly Typeface[]): Writing | null {
  // Second, letters that only dress up as others, such as those of mathematics.
  for (const one of texts.flatMap((text) => [plain(text), plain(text.normalize('NFKC'))])) {
    for (const typeface of typefaces) {
      const { writes } = typeface.fonts[400]
      const kept = [...one].filter((character) => writes(character) || isNeeded(character)).join('')
      const text = kept.replaceAll(/ +/g, ' ').trim()
      if (text !== '' && writes(text)) return { text, typeface }
    }
  }
  return null
}

const isNeeded = (character: string) =>
  /[\p{L}\p{M}\p{N}]/u.test(character) && !/\p{Extended_Pictographic}/u.test(character)

/** Not seen by themselves, and some of them turn the rest around. The one that keeps Persian letters from joining stays. */
const UNSEEN = /[[\p{C}\p{Variation_Selector}\u{20e3}\u{fffd}]--\u{200c}]/gv

/** Composed and on one line; spaces at which none is to end stay such. */
function plain(text: string): string {
  const cut = [...text].slice(0, LONGEST).join('')
  return cut
    .normalize('NFC')
    .replaceAll(/[\u{2007}\u{202f}]/gu, '\u{a0}')
    .replaceAll(/[[\p{Z}\p{Cc}]--\u{a0}]+/gv, ' ')
    .replaceAll(UNSEEN, '')
}

/** Whether it is read from the right, by the first letter of it. */
export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text)
}

/** How a text is written. */
export interface Lettering extends Writing {
  weight: Weight
  /** Added between letters, in parts of the size. */
  tracking: number
}

export interface Room extends Omit<Lettering, keyof Writing> {
  /** Pixels. */
  width: number
  /** Tried in this order, each with the lines there are for it; the last is taken in any case. */
  sizes: readonly [Size, ...Size[]]
}

interface Size {
  size: number
  lines: number
}

/** Of a line, in parts of the size. */
export function widthOf({ typeface, weight, tracking }: Lettering, line: string): number {
  return typeface.fonts[weight].widthOf(line) + [...line].length * tracking
}

/** A text as it stands in its room: at the first size at which it fits without breaking words, or cut off with an ellipsis at the last. */
export function typeset(writing: Writing, room: Room): { size: number; lines: string[] } {
  const { text } = writing
  const { width, sizes } = room
  const lettering = { ...writing, ...room }
  const within = (space: number, size: number) => (line: string) => widthOf(lettering, line) * size <= space
  for (const { size, lines: most } of sizes) {
    const wrap = (space: number) => wrapped(text, within(space, size))
    const lines = wrap(width)
    const isWhole = text.split(' ').every(within(width, size))
    if (isWhole && lines.length <= most) return { size, lines: balanced(lines, width, wrap) }
  }
  const { size, lines: most } = sizes.at(-1) ?? sizes[0]
  const fits = within(width, size)
  const lines = wrapped(text, fits)
  if (lines.length <= most) return { size, lines }
  return { size, lines: [...lines.slice(0, most - 1), shortened(lines.slice(most - 1).join(' '), fits)] }
}

/** In as many lines, of which none stands nearly empty. */
function balanced(lines: string[], width: number, wrap: (width: number) => string[]): string[] {
  let best = lines
  for (let narrower = width; narrower > width / 2; narrower -= width / 40) {
    const next = wrap(narrower)
    if (next.length > lines.length || next.join(' ') !== lines.join(' ')) break
    best = next
  }
  return best
}

/** Lines of whole words; a word that is longer than a line is broken where it has to be. */
function wrapped(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (fits(longer)) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const [last = '', ...full] = broken(word, fits).reverse()
    lines.push(...full.reverse())
    line = last
  }
  return [...lines, line]
}

function broken(word: string, fits: (line: string) => boolean): string[] {
  const parts = ['']
  for (const letter of lettersOf(word)) {
    const part = parts.at(-1) ?? ''
    if (part === '' || fits(part + letter)) parts[parts.length - 1] = part + letter
    else parts.push(letter)
  }
  return parts
}

function shortened(text: string, fits: (line: string) => boolean): string {
  const letters = lettersOf(text)
  while (letters.length > 0 && !fits(letters.join('').trimEnd() + ELLIPSIS)) letters.pop()
  return letters.join('').trimEnd() + ELLIPSIS
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** As a reader counts them: what stands above a letter stays there. */
const lettersOf = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment)
