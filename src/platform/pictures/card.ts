/** Pixels, as every place that shows previews of links takes them. */
export const CARD_WIDTH = 1200
export const CARD_HEIGHT = 630

/** One more whenever the same card is drawn differently, so that what is kept under the address of the old drawing is not taken for it. */
export const CARD_DRAWING = 1

/**
 * What stands on a picture that is shown where an address is shared. Of several texts the first that can be written is taken, and none
 * where none can: letters for which there is no typeface are not replaced by boxes.
 */
export interface Card {
  /** Whose it is; several overlap. */
  faces: readonly Face[]
  /** Beside the faces. */
  byline: readonly string[]
  heading: readonly string[]
  /** Below the heading. */
  text: readonly string[]
  /** Where it leads to. */
  address: string
  /** Name of the product, beside its mark; null: it is not named. */
  brand: string | null
  colors: CardColors
}

/** A picture as it was uploaded, or letters where there is none or it cannot be drawn. */
export interface Face {
  image: Uint8Array | null
  letters: readonly string[]
}

/** Each `#rrggbb`. */
export interface CardColors {
  paper: string
  ink: string
  soft: string
  /** Of what the host's colour fills, what stands on it, and text in that colour. */
  fill: string
  onFill: string
  accent: string
}
