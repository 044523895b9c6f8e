import { describe, expect, it } from 'vitest'
import { drawable } from './image.ts'

const words = (...values: number[]) => Buffer.from(values.flatMap((one) => [one >> 8, one & 255]))

function png(width: number, height: number): Buffer {
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), size])
}

/** Two markers that say nothing of the size, in front of the one that does. */
function jpeg(width: number, height: number, exif: Buffer = Buffer.alloc(0)): Buffer {
  const app1 = exif.length > 0 ? Buffer.concat([words(0xffe1, exif.length + 2), exif]) : exif
  const frame = Buffer.concat([words(0xffc2, 11), Buffer.from([8]), words(height, width), Buffer.from([1, 1, 17, 0])])
  return Buffer.concat([words(0xffd8, 0xffe0, 4, 0), app1, words(0xffc4, 3), Buffer.from([0]), frame])
}

function exif(orientation: number, order: 'II' | 'MM'): Buffer {
  const short = (value: number) => (order === 'II' ? [value & 255, value >> 8] : [value >> 8, value & 255])
  const long = (value: number) => (order === 'II' ? [...short(value), 0, 0] : [0, 0, ...short(value)])
  const entry = [...short(0x0112), ...short(3), ...long(1), ...short(orientation), 0, 0]
  const other = [...short(0x010f), ...short(2), ...long(1), ...long(0)]
  const tiff = [...Buffer.from(order), ...short(42), ...long(8), ...short(2), ...other, ...entry]
  return Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(tiff)])
}

describe('an uploaded image', () => {
  it('is drawn when it is of a kind that can be, and of a size that does no harm', () => {
    expect(drawable(png(96, 96))).toEqual({ type: 'image/png', orientation: 1 })
    expect(drawable(jpeg(4000, 3000))).toEqual({ type: 'image/jpeg', orientation: 1 })
    expect(drawable(Buffer.from('GIF89a\x10\0\x10\0', 'latin1'))).toEqual({ type: 'image/gif', orientation: 1 })
  })

  it('stands upright, however the camera was held', () => {
    for (const order of ['II', 'MM'] as const) {
      for (const orientation of [1, 3, 6, 8]) {
        expect(drawable(jpeg(40, 30, exif(orientation, order)))).toEqual({ type: 'image/jpeg', orientation })
      }
    }
    expect(drawable(jpeg(40, 30, exif(9, 'MM')))).toEqual({ type: 'image/jpeg', orientation: 1 })
  })

  it.each([
    ['would unpack to gigabytes', png(50_000, 50_000)],
    ['would, as a JPEG', jpeg(65_000, 65_000)],
    ['has no pixels', png(0, 10)],
    ['ends too early', png(10, 10).subarray(0, 20)],
    ['ends within its markers', jpeg(10, 10).subarray(0, 12)],
    ['has markers that are none', Buffer.concat([words(0xffd8), Buffer.alloc(100)])],
    ['is of a kind that cannot be', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1')],
    ['is a page', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['is empty', Buffer.alloc(0)],
  ])('is left out when it %s', (_, bytes) => {
    expect(drawable(bytes)).toBeNull()
  })
})
