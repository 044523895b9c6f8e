/**
 * Bodies in the words of their receiver: `{{organizer.name}}`, `{{attendees.0.email}}`, `{{#each attendees}}…{{name}}…{{/each}}`,
 * `{{#if location}}…{{else}}…{{/if}}`, `{{#unless …}}`. Inside `each`, `this` is the entry, `@index`, `@first` and `@last` its place, and
 * names that it does not have are looked up around it. Nothing is ever run, so a template can do no more than leave things out.
 */
type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; path: readonly string[] }
  | { kind: 'block'; block: 'each' | 'if' | 'unless'; path: readonly string[]; inside: Node[]; otherwise: Node[] }

export type TemplateProblem =
  | 'template_tag_unknown'
  | 'template_not_closed'
  | 'template_too_deep'
  | 'template_too_long'
  | 'template_not_json'

export type ContentType = 'application/json' | 'application/x-www-form-urlencoded'

export class TemplateFailure extends Error {
  readonly code: TemplateProblem

  constructor(code: TemplateProblem) {
    super(code)
    this.name = 'TemplateFailure'
    this.code = code
  }
}

const DEEPEST = 5
const MOST_CHARACTERS = 200_000
const PATH = /^@?[\p{L}\p{N}_$-]+(\.[\p{L}\p{N}_$-]+)*$/u

/** A template that begins as JSON does is JSON, any other the body of a form. */
export function contentTypeOf(template: string): ContentType {
  return /^\s*(\[|\{(?!\{))/.test(template) ? 'application/json' : 'application/x-www-form-urlencoded'
}

/** @throws TemplateFailure */
function parse(template: string): Node[] {
  const root: Node[] = []
  const open: { node: Extract<Node, { kind: 'block' }>; into: Node[] }[] = []
  let into = root
  let at = 0
  for (const match of template.matchAll(/\{\{([\s\S]*?)\}\}/g)) {
    if (match.index > at) into.push({ kind: 'text', text: template.slice(at, match.index) })
    at = match.index + match[0].length
    const tag = (match[1] ?? '').trim()
    const [, block, path = ''] = /^#(each|if|unless)\s+(\S+)$/.exec(tag) ?? []
    const top = open.at(-1)
    if (block !== undefined && PATH.test(path)) {
      if (open.length >= DEEPEST) throw new TemplateFailure('template_too_deep')
      const node = { kind: 'block', block, path: path.split('.'), inside: [], otherwise: [] } as Node & {
        kind: 'block'
      }
      into.push(node)
      open.push({ node, into })
      into = node.inside
    } else if (tag === 'else' && top && into === top.node.inside) {
      into = top.node.otherwise
    } else if (tag.startsWith('/') && tag.slice(1).trim() === top?.node.block) {
      into = top.into
      open.pop()
    } else if (PATH.test(tag) && tag !== 'else') {
      into.push({ kind: 'value', path: tag.split('.') })
    } else {
      throw new TemplateFailure('template_tag_unknown')
    }
  }
  const rest = template.slice(at)
  if (open.length > 0 || rest.includes('{{')) throw new TemplateFailure('template_not_closed')
  if (rest) into.push({ kind: 'text', text: rest })
  return root
}

/** Innermost last. */
type Scopes = readonly unknown[]

function find(scopes: Scopes, path: readonly string[]): unknown {
  const [first = '', ...rest] = path
  if (first === 'this') return reach(scopes.at(-1), rest)
  for (const scope of scopes.toReversed()) {
    if (isRecord(scope) && Object.hasOwn(scope, first)) return reach(scope[first], rest)
  }
  return undefined
}

function reach(value: unknown, path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (!isRecord(found) || !Object.hasOwn(found, key)) return undefined
    found = found[key]
  }
  return found
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

function escaped(value: unknown, type: ContentType): string {
  const isJson = type === 'application/json'
  if (value === undefined || value === null) return ''
  if (isRecord(value)) return isJson ? JSON.stringify(value) : encodeURIComponent(JSON.stringify(value))
  return isJson ? JSON.stringify(String(value)).slice(1, -1) : encodeURIComponent(String(value))
}

/** @throws TemplateFailure; in JSON also when what comes out is none. */
export function render(template: string, context: object): { body: string; contentType: ContentType } {
  const contentType = contentTypeOf(template)
  let left = MOST_CHARACTERS
  const spend = (text: string) => {
    left -= text.length
    if (left < 0) throw new TemplateFailure('template_too_long')
    return text
  }
  const write = (nodes: readonly Node[], scopes: Scopes): string =>
    nodes
      .map((node) => {
        if (node.kind === 'text') return spend(node.text)
        const value = find(scopes, node.path)
        if (node.kind === 'value') return spend(escaped(value, contentType))
        if (node.block !== 'each')
          return write(isTrue(value) === (node.block === 'if') ? node.inside : node.otherwise, scopes)
        const entries = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []
        if (entries.length === 0) return write(node.otherwise, scopes)
        return entries
          .map((entry, index) => {
            const place = { '@index': index, '@first': index === 0, '@last': index === entries.length - 1 }
            return write(node.inside, [...scopes, place, entry])
          })
          .join('')
      })
      .join('')
  const body = write(parse(template), [context])
  if (contentType === 'application/json' && !isJson(body)) throw new TemplateFailure('template_not_json')
  return { body, contentType }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Whether it can be read at all. */
export function templateProblem(template: string): TemplateProblem | null {
  return problemIn(() => parse(template))
}

/** Whether it gives something for this. */
export function fillingProblem(template: string, context: object): TemplateProblem | null {
  return problemIn(() => render(template, context))
}

function problemIn(work: () => unknown): TemplateProblem | null {
  try {
    work()
    return null
  } catch (failure) {
    if (failure instanceof TemplateFailure) return failure.code
    throw failure
  }
}
