/** Time for the second key, in milliseconds. */
const PAUSE_MS = 1500

/** Whoever types into one of these means the letters, or a letter chooses there. */
const TAKES_LETTERS =
  'textarea, select, input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), [contenteditable], [role="textbox"], [role="combobox"], [role="listbox"], [role="menu"], dialog[open]'

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'repeat'>

/** Ctrl+K, or ⌘K where the keyboard has that. */
export function opensPalette({
  key,
  code,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
}: Press & { shiftKey: boolean }): boolean {
  return ctrlKey !== metaKey && !altKey && !shiftKey && letterOf({ key, code }) === 'k'
}

/** Whether a press puts a character where one types. */
export function writes({ key, ctrlKey, metaKey, altKey, isComposing }: Press): boolean {
  return [...key].length === 1 && !ctrlKey && !metaKey && !altKey && !isComposing
}

/** Whether a press is for what has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TAKES_LETTERS) !== null
}

/** The letter in a Latin alphabet; on keyboards for others, the one that is in its place. */
function letterOf({ key, code }: Pick<Press, 'key' | 'code'>): string {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? '')
}

/**
 * Reads keys that are pressed one after the other.
 * @param meanings by keys, such as `e t`, or a single one, such as `?`
 * @returns a function that gives the meaning that a press completes; `now` in milliseconds
 */
export function chordReader(meanings: ReadonlyMap<string, string>): (press: Press, now: number) => string | null {
  let first = ''
  let since = 0
  return (press, now) => {
    const before = now - since <= PAUSE_MS ? first : ''
    if (press.isComposing || press.repeat || press.ctrlKey || press.metaKey || press.altKey) {
      first = ''
      return null
    }
    const single = meanings.get(press.key)
    const letter = letterOf(press)
    const both = before && letter ? meanings.get(`${before} ${letter}`) : undefined
    const meaning = single ?? both ?? null
    first = meaning === null ? letter : ''
    since = now
    return meaning
  }
}
