/** Whether a text has every word of a search in it, whatever accents and case: `uber` finds `Übersetzung`. */
export function matches(query: string, text: string): boolean {
  const found = plain(text)
  return plain(query)
    .split(' ')
    .every((word) => found.includes(word))
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
