import type { FileKind } from '../../event-types/questions/types.ts'

/** First bytes by which formats are known, at an offset. */
const MARKS: readonly [kind: FileKind, offset: number, mark: string][] = [
  ['pdf', 0, '%PDF-'],
  ['image', 0, '\x89PNG\r\n\x1a\n'],
  ['image', 0, '\xff\xd8\xff'],
  ['image', 0, 'GIF87a'],
  ['image', 0, 'GIF89a'],
  ['image', 8, 'WEBP'],
  ['image', 4, 'ftypheic'],
  ['image', 4, 'ftypavif'],
  // Of OOXML and OpenDocument, which are ZIP archives, and of the formats before them.
  ['office', 0, 'PK\x03\x04'],
  ['office', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
]

/** What a file is by its content, whatever it calls itself; null for everything that is not taken. */
export function kindOfFile(bytes: Uint8Array): FileKind | null {
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1')
  const known = MARKS.find(([, offset, mark]) => head.startsWith(mark, offset))
  if (known) return known[0]
  return isText(bytes) ? 'text' : null
}

const CONTROL = /(?![\t\n\f\r])\p{Cc}/u
const PAGE = /^\s*<(!doctype|html|script|svg|\?xml)/i

/** Readable, and nothing that a browser takes for a page. */
function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text !== '' && !CONTROL.test(text) && !PAGE.test(text)
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
