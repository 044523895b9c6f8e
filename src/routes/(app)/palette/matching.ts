/** Letters as they are compared: without case and marks, so that `uber` finds `Über`. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').trim()
}

const wordsOf = (text: string) =>
  plain(text)
    .split(/[^\p{L}\p{N}@.]+/u)
    .filter(Boolean)

/**
 * How well something fits what was typed: 0, not at all, when one of the words is neither in its name nor begins one of its other
 * words; otherwise more, the nearer to the beginning of its name they are.
 * @param others further words for it, such as synonyms
 */
export function fitOf(typed: string, name: string, others = ''): number {
  const sought = wordsOf(typed)
  if (sought.length === 0) return 0
  const whole = plain(name)
  const [own, further] = [wordsOf(name), wordsOf(others)]
  const points = sought.map((word) => {
    if (own.some((one) => one.startsWith(word))) return 4
    if (further.some((one) => one.startsWith(word))) return 2
    return whole.includes(word) ? 1 : 0
  })
  if (points.includes(0)) return 0
  const sum = points.reduce<number>((total, one) => total + one, 0)
  return sum / points.length + (whole.startsWith(plain(typed)) ? 2 : 0)
}

/** What fits, the best first; what fits equally well stays in its order. */
export function bestOf<T>(typed: string, all: readonly T[], texts: (one: T) => [name: string, others?: string]): T[] {
  return all
    .map((one) => ({ one, fit: fitOf(typed, ...texts(one)) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ one }) => one)
}
