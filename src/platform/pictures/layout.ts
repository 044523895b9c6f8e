import { CARD_HEIGHT, CARD_WIDTH, type Card } from './card.ts'
import { isRightToLeft, type Room, typeset, type Writing, writable } from './lettering.ts'
import { LEADING, type Lines, pen } from './pen.ts'
import { TYPEFACES } from './typefaces.ts'

/** Pixels. */
const MARGIN = 88
const STRIPE = 20
const INNER = CARD_WIDTH - 2 * MARGIN
const FACE = { size: 116, step: 84, gap: 32 }
const BELOW_FACES = 44
const ABOVE_TEXT = 24
/** Where the address and the product stand, and above it the room in whose middle all else does. */
const FOOT = CARD_HEIGHT - 84
const [TOP, BOTTOM] = [56, FOOT - 48]

const HEADING: Room = {
  ...{ width: INNER, weight: 600, tracking: -0.02 },
  sizes: [
    { size: 76, lines: 2 },
    { size: 62, lines: 2 },
    { size: 52, lines: 3 },
  ],
}
const BYLINE = { weight: 400, tracking: 0, sizes: [{ size: 36, lines: 2 }] } as const
const TEXT: Room = { width: INNER, weight: 400, tracking: 0, sizes: [{ size: 34, lines: 2 }] }
const ADDRESS: Room = { width: INNER - 220, weight: 400, tracking: 0, sizes: [{ size: 28, lines: 1 }] }

/** The card as SVG. */
export function layOut({ faces, byline, heading, text, address, brand, colors }: Card): string {
  const written = writable(heading, TYPEFACES)
  const where = writable([address], TYPEFACES)
  const facesEnd = MARGIN + FACE.size + (faces.length - 1) * FACE.step + FACE.gap
  const beside = set(writable(byline, TYPEFACES), { ...BYLINE, width: CARD_WIDTH - MARGIN - facesEnd })
  const title = set(written ?? where, HEADING)
  const below = set(writable(text, TYPEFACES), TEXT)
  const name = brand === null ? null : writable([brand], TYPEFACES)

  const height = FACE.size + BELOW_FACES + heightOf(title) + (below ? ABOVE_TEXT + heightOf(below) : 0)
  const top = TOP + Math.max(0, (BOTTOM - TOP - height) / 2)
  const titleTop = top + FACE.size + BELOW_FACES

  const draw = pen(written !== null && isRightToLeft(written.text), colors)
  return draw.document([
    draw.column(0, CARD_WIDTH, colors.paper),
    draw.column(0, STRIPE, colors.fill),
    ...faces.map((face, i) =>
      draw.face(face, writable(face.letters, TYPEFACES), { at: MARGIN + i * FACE.step, top }, FACE.size),
    ),
    draw.lines(beside, { at: facesEnd, top: top + (FACE.size - heightOf(beside)) / 2 }, colors.soft),
    draw.lines(title, { at: MARGIN, top: titleTop }, colors.ink),
    draw.lines(below, { at: MARGIN, top: titleTop + heightOf(title) + ABOVE_TEXT }, colors.accent),
    // Where no title can be written, it stands in its place.
    draw.lines(written && set(where, ADDRESS), { at: MARGIN, top: FOOT }, colors.soft),
    name ? draw.brand(name, { at: MARGIN, top: FOOT }) : '',
  ])
}

const set = (writing: Writing | null, room: Room): Lines | null =>
  writing && { ...writing, ...room, ...typeset(writing, room) }
const heightOf = (block: Lines | null) => (block ? block.lines.length * block.size * LEADING : 0)
