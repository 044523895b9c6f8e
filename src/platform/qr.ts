import { encode } from 'uqr'

/** The empty frame around a code, in modules (ISO/IEC 18004 §5.3.8). */
const QUIET_ZONE = 4

/** A QR code as an SVG path whose unit is one module, in a square of `size`. */
export interface QrCode {
  size: number
  path: string
}

export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return { size, path }
}
