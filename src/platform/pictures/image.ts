/** An image that somebody uploaded, as far as its first bytes say it. */
export interface UploadedImage {
  type: 'image/png' | 'image/jpeg' | 'image/gif'
  /** How it has to be turned to stand upright (Exif 2.32, tag 0x0112): 1 as it is, up to 8. */
  orientation: number
}

/** Some 100 MB once they are unpacked; no camera takes more. */
const MOST_PIXELS = 25_000_000

/**
 * What may be drawn of an image; null for anything else: another kind, broken, or so large that a small file would unpack to gigabytes.
 */
export function drawable(bytes: Uint8Array): UploadedImage | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const found = png(file) ?? gif(file) ?? jpeg(file)
    if (!found || found.width === 0 || found.height === 0 || found.width * found.height > MOST_PIXELS) return null
    return { type: found.type, orientation: found.orientation }
  } catch (error) {
    // Read beyond its end.
    if (error instanceof RangeError) return null
    throw error
  }
}

type Found = UploadedImage & { width: number; height: number }

function png(file: Buffer): Found | null {
  if (file.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null
  return { type: 'image/png', width: file.readUInt32BE(16), height: file.readUInt32BE(20), orientation: 1 }
}

function gif(file: Buffer): Found | null {
  if (!/^GIF8[79]a$/.test(file.toString('latin1', 0, 6))) return null
  return { type: 'image/gif', width: file.readUInt16LE(6), height: file.readUInt16LE(8), orientation: 1 }
}

/** ITU-T T.81 B.1: markers, each with the length of what follows, until the one that begins a frame. */
function jpeg(file: Buffer): Found | null {
  if (file.readUInt16BE(0) !== 0xffd8) return null
  let orientation = 1
  for (let at = 2; ; at += 2 + file.readUInt16BE(at + 2)) {
    const marker = file.readUInt16BE(at)
    if (marker < 0xff01) return null
    if (marker === 0xffe1) orientation = orientationIn(file.subarray(at + 4, at + 2 + file.readUInt16BE(at + 2)))
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
    if (!isFrame) continue
    return { type: 'image/jpeg', height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7), orientation }
  }
}

/** Of the first directory in a block of Exif. */
function orientationIn(block: Buffer): number {
  if (block.toString('latin1', 0, 6) !== 'Exif\0\0') return 1
  const tiff = block.subarray(6)
  const isLittle = tiff.toString('latin1', 0, 2) === 'II'
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  const entries = Array.from({ length: short(directory) }, (_, i) => directory + 2 + i * 12)
  const entry = entries.find((at) => short(at) === 0x0112)
  const orientation = entry === undefined ? 1 : short(entry + 8)
  return orientation >= 1 && orientation <= 8 ? orientation : 1
}
