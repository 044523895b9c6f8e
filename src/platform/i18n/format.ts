/**
 * Fills a message. The syntax is the part of ICU MessageFormat that translators use: `{name}`,
 * `{n, plural, one {# day} other {# days}}` with `=0` forms, and `{x, select, a {…} other {…}}`. `#` is the number, localised.
 * A value that is missing shows as its name in braces, so that it is seen in review.
 */
export type MessageValues = Record<string, string | number>

type Part = string | { name: string } | { name: string; kind: 'plural' | 'select'; forms: Map<string, Part[]> }

const parsed = new Map<string, Part[]>()

export function formatMessage(message: string, locale: string, values: MessageValues = {}): string {
  if (!message.includes('{')) return message
  let parts = parsed.get(message)
  if (!parts) {
    parts = parse(message)
    parsed.set(message, parts)
  }
  return render(parts, locale, values, undefined)
}

function render(parts: readonly Part[], locale: string, values: MessageValues, count: number | undefined): string {
  return parts.map((part) => renderPart(part, locale, values, count)).join('')
}

function renderPart(part: Part, locale: string, values: MessageValues, count: number | undefined): string {
  if (typeof part === 'string') {
    return count === undefined ? part : part.replaceAll('#', languageOf(locale).numbers.format(count))
  }
  const value = values[part.name]
  if (!('forms' in part)) return value === undefined ? `{${part.name}}` : String(value)
  const number = part.kind === 'plural' ? Number(value) : undefined
  const form =
    part.forms.get(number === undefined ? String(value) : `=${number}`) ??
    (number === undefined ? undefined : part.forms.get(languageOf(locale).plurals.select(number))) ??
    part.forms.get('other') ??
    []
  return render(form, locale, values, number ?? count)
}

interface Language {
  numbers: Intl.NumberFormat
  plurals: Intl.PluralRules
}

const languages = new Map<string, Language>()
/** Browsers name languages in endless variations (`en-GB-x-…`), so what is kept must have an end. */
const MOST_LANGUAGES = 100

/** Making these costs more than all the rest of a message. */
function languageOf(locale: string): Language {
  let language = languages.get(locale)
  if (!language) {
    language = { numbers: new Intl.NumberFormat(locale), plurals: new Intl.PluralRules(locale) }
    if (languages.size >= MOST_LANGUAGES) languages.clear()
    languages.set(locale, language)
  }
  return language
}

function parse(message: string): Part[] {
  const [parts] = parseUntil(message, 0)
  return parts
}

/** Reads parts up to an unmatched `}` or the end; returns them and where it stopped. */
function parseUntil(text: string, from: number): [Part[], number] {
  const parts: Part[] = []
  let at = from
  while (at < text.length && text[at] !== '}') {
    if (text[at] === '{') {
      const [part, next] = parseArgument(text, at + 1)
      parts.push(part)
      at = next
    } else {
      const end = /[{}]/.exec(text.slice(at))?.index
      const stop = end === undefined ? text.length : at + end
      parts.push(text.slice(at, stop))
      at = stop
    }
  }
  return [parts, at]
}

function parseArgument(text: string, from: number): [Part, number] {
  const head = /^\s*([\w.]+)\s*(?:,\s*(plural|select)\s*,)?/.exec(text.slice(from))
  if (!head?.[1]) throw new Error(`Malformed message: ${text}`)
  let at = from + head[0].length
  if (!head[2]) return [{ name: head[1] }, at + 1]
  const forms = new Map<string, Part[]>()
  for (;;) {
    const selector = /^\s*([\w=]+)\s*\{/.exec(text.slice(at))
    if (!selector?.[1]) break
    const [form, end] = parseUntil(text, at + selector[0].length)
    forms.set(selector[1], form)
    at = end + 1
  }
  const close = text.indexOf('}', at)
  if (close < 0 || !forms.has('other')) throw new Error(`Malformed message: ${text}`)
  return [{ name: head[1], kind: head[2] as 'plural' | 'select', forms }, close + 1]
}
