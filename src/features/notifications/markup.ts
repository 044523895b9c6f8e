/** HTML that is safe as it is. Only `html` makes it. */
export interface Markup {
  readonly markup: string
}

type Value = string | number | Markup | readonly Markup[] | null

/** Fills a template: texts are escaped, markup is not. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
  const parts = strings.map((text, index) => (index === 0 ? text : rendered(values[index - 1] ?? null) + text))
  return { markup: parts.join('') }
}

function rendered(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map((one) => one.markup).join('')
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}

const ZERO_WIDTH_SPACE = '\u200B'

/**
 * Mail programs turn whatever looks like an address into a link. In words that visitors chose that would let anybody send
 * links to anybody in our name, so such words get an invisible gap.
 */
export function unlinked(text: string): string {
  return text
    .replace(/:(?=\/\/)/g, `:${ZERO_WIDTH_SPACE}`)
    .replace(/\.(?=[\p{L}\p{N}-]{2,})/gu, `.${ZERO_WIDTH_SPACE}`)
    .replace(/@(?=[\p{L}\p{N}])/gu, `@${ZERO_WIDTH_SPACE}`)
}
