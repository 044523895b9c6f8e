/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number]

/** The surfaces an accent is seen on (`--paper`, `--surface`, `--sunken` of tokens.css), worst for contrast last. */
const LIGHT_SURFACE: Rgb = [0xef, 0xea, 0xe0]
const DARK_SURFACE: Rgb = [0x26, 0x23, 0x1e]
const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
const INK: Rgb = [0x14, 0x13, 0x0f]

/** WCAG 2.2 SC 1.4.3: text. */
export const TEXT_CONTRAST = 4.5
/** WCAG 2.2 SC 1.4.11: edges of controls. */
const EDGE_CONTRAST = 3

/** Reads `#rgb` or `#rrggbb`; null for anything else. */
export function parseHex(color: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color.trim())?.[1]
  if (!hex) return null
  const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb
}

export function toHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** From 1 (the same) to 21 (black on white); WCAG 2.2. */
export function contrastRatio(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** White or near-black, whichever is easier to read on the colour. Pure black where neither reaches 4.5. */
function inkOn(background: Rgb): Rgb {
  const best = contrastRatio(WHITE, background) >= contrastRatio(INK, background) ? WHITE : INK
  return contrastRatio(best, background) >= TEXT_CONTRAST ? best : BLACK
}

/** The colour, moved towards black or white only as far as the contrast against `surface` needs. */
function legibleOn(color: Rgb, surface: Rgb, ratio: number): Rgb {
  const target = luminance(surface) > 0.18 ? BLACK : WHITE
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = color.map((channel, i) => Math.round(channel + (target[i]! - channel) * share)) as unknown as Rgb
    if (contrastRatio(mixed, surface) >= ratio) return mixed
  }
  return target
}

/** What becomes of a host's colour in one theme: the fill of buttons, the text on it, and the colour of text and links. */
export interface Accent {
  fill: string
  onFill: string
  ink: string
}

/** @returns null when `hex` is no colour. */
export function accentFor(hex: string, theme: 'light' | 'dark'): Accent | null {
  const color = parseHex(hex)
  if (!color) return null
  const surface = theme === 'light' ? LIGHT_SURFACE : DARK_SURFACE
  const fill = legibleOn(color, surface, EDGE_CONTRAST)
  return { fill: toHex(fill), onFill: toHex(inkOn(fill)), ink: toHex(legibleOn(color, surface, TEXT_CONTRAST)) }
}

/**
 * The style of an element with `data-accent` under which everything takes the host's colour, legible in both themes. Where there is none,
 * the product's own stays.
 * @param dark of the dark theme; null: the same
 */
export function accentStyle(light: string | null, dark: string | null): string {
  return [...propertiesFor(light, 'light'), ...propertiesFor(dark ?? light, 'dark')].join(';')
}

function propertiesFor(color: string | null, theme: 'light' | 'dark'): string[] {
  const accent = color ? accentFor(color, theme) : null
  if (!accent) return []
  return [
    `--accent-${theme}:${accent.fill}`,
    `--on-accent-${theme}:${accent.onFill}`,
    `--accent-ink-${theme}:${accent.ink}`,
  ]
}

/**
 * A colour that marks something, as CSS: the one for each theme, moved only as far as can be seen there.
 * @param dark null: the same
 * @returns null when there is none
 */
export function markColor(light: string | null, dark: string | null): string | null {
  const first = light ?? dark
  const onLight = first && accentFor(first, 'light')
  const onDark = first && accentFor(dark ?? first, 'dark')
  return onLight && onDark ? `light-dark(${onLight.fill}, ${onDark.fill})` : null
}
