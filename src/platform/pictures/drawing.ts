import { Resvg } from '@resvg/resvg-js'
import type { Card } from './card.ts'
import { layOut } from './layout.ts'
import { FONT_FILES, TYPEFACES } from './typefaces.ts'

/** @returns a PNG of CARD_WIDTH × CARD_HEIGHT. Takes some 50 ms, in which nothing else happens. */
export function drawCard(card: Card): Uint8Array<ArrayBuffer> {
  // Without those of the machine, so that a card looks the same everywhere.
  const font = { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: TYPEFACES[0]?.family ?? '' }
  return new Uint8Array(new Resvg(layOut(card), { font }).render().asPng())
}
