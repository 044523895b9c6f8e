/** What is to be known of a typeface to say whether and how wide it writes a text (OpenType 1.9: cmap, head, hhea, hmtx). */
export interface Font {
  /** Whether it has a shape for each of the characters. */
  writes(text: string): boolean
  /** Of a line, in parts of the font's size. Shapes that join or overlap make it a little narrower than that. */
  widthOf(text: string): number
}

/** @param file a TrueType font whose characters are mapped by a table of format 4 or 12 */
export function readFont(file: Buffer): Font {
  const tables = tablesOf(file)
  const table = (name: string) => tables.get(name) ?? missing(name)
  const unitsPerEm = file.readUInt16BE(table('head') + 18)
  const advances = file.readUInt16BE(table('hhea') + 34)
  const hmtx = table('hmtx')
  const shapeOf = shapesOf(file, table('cmap'))
  // The last advance holds for all shapes behind it.
  const advanceOf = (shape: number) => file.readUInt16BE(hmtx + Math.min(shape, advances - 1) * 4)
  return {
    writes: (text) => [...text].every((character) => shapeOf(codeOf(character)) !== 0),
    widthOf: (text) => [...text].reduce((sum, one) => sum + advanceOf(shapeOf(codeOf(one))), 0) / unitsPerEm,
  }
}

const codeOf = (character: string) => character.codePointAt(0) ?? 0

function tablesOf(file: Buffer): Map<string, number> {
  const entries = Array.from({ length: file.readUInt16BE(4) }, (_, i) => 12 + i * 16)
  return new Map(entries.map((at) => [file.toString('latin1', at, at + 4), file.readUInt32BE(at + 8)]))
}

function missing(name: string): never {
  throw new Error(`This font has no table ${name}`)
}

type ShapeOf = (code: number) => number

/** 0: there is none. The fullest map of Unicode is taken. */
function shapesOf(file: Buffer, cmap: number): ShapeOf {
  const maps = Array.from({ length: file.readUInt16BE(cmap + 2) }, (_, i) => {
    const at = cmap + file.readUInt32BE(cmap + 4 + i * 8 + 4)
    return { at, format: file.readUInt16BE(at) }
  })
  const full = maps.find(({ format }) => format === 12)
  if (full) return byGroups(file, full.at)
  const basic = maps.find(({ format }) => format === 4)
  return basic ? bySegments(file, basic.at) : missing('cmap of format 4 or 12')
}

function byGroups(file: Buffer, at: number): ShapeOf {
  const groups = Array.from({ length: file.readUInt32BE(at + 12) }, (_, i) => {
    const group = at + 16 + i * 12
    return { first: file.readUInt32BE(group), last: file.readUInt32BE(group + 4), shape: file.readUInt32BE(group + 8) }
  })
  return (code) => {
    const group = groups.find(({ last }) => code <= last)
    return group && code >= group.first ? group.shape + code - group.first : 0
  }
}

function bySegments(file: Buffer, at: number): ShapeOf {
  const width = file.readUInt16BE(at + 6)
  const [ends, starts, deltas, offsets] = [14, 16 + width, 16 + 2 * width, 16 + 3 * width].map((one) => at + one) as [
    ...[number, number, number, number],
  ]
  const places = Array.from({ length: width / 2 }, (_, i) => i * 2)
  return (code) => {
    const place = places.find((one) => code <= file.readUInt16BE(ends + one))
    if (place === undefined || code < file.readUInt16BE(starts + place)) return 0
    const delta = file.readUInt16BE(deltas + place)
    const offset = file.readUInt16BE(offsets + place)
    if (offset === 0) return (code + delta) & 0xffff
    const shape = file.readUInt16BE(offsets + place + offset + (code - file.readUInt16BE(starts + place)) * 2)
    return shape === 0 ? 0 : (shape + delta) & 0xffff
  }
}
