const LINE_END = '\r\n'
/** Says to spreadsheets that the text is UTF-8; without it some read it as the code page of the machine. */
export const BYTE_ORDER_MARK = '\ufeff'

/** One record of RFC 4180, line end included. */
export function csvRecord(cells: readonly (string | number)[]): string {
  return cells.map((cell) => (typeof cell === 'number' ? String(cell) : csvField(cell))).join(',') + LINE_END
}

// Made once: a file has millions of fields, and a pattern within the function is an object more for each.
const FORMULA = /^[\s\p{Cf}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u
const QUOTED = /[",\r\n;\t]|^\s|\s$/

/**
 * A text as one field. Spreadsheets run what begins like a formula, and names and notes are written by strangers: an apostrophe makes
 * it a text again (OWASP, CSV Injection). Also after spaces, and for the full-width forms that some read as ASCII.
 */
export function csvField(text: string): string {
  const tame = FORMULA.test(text) ? `'${text}` : text
  return QUOTED.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}
