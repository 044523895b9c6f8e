/** A JSON Schema as zod writes it. */
export interface Shape {
  $ref?: string
  const?: unknown
  enum?: readonly unknown[]
  type?: string | readonly string[]
  anyOf?: readonly Shape[]
  oneOf?: readonly Shape[]
  allOf?: readonly Shape[]
  items?: Shape
  prefixItems?: readonly Shape[]
  properties?: Record<string, Shape>
  required?: readonly string[]
  additionalProperties?: Shape | boolean
  description?: string
  deprecated?: boolean
}

/** What the type of a value depends on. */
const TELLING = new Set(
  ['$ref', 'const', 'enum', 'type', 'anyOf', 'oneOf', 'allOf', 'items', 'prefixItems'].concat(
    ...['properties', 'required', 'additionalProperties', 'description', 'deprecated'],
  ),
)

/** What a type of TypeScript cannot say, and does not contradict. */
const SILENT = new Set(
  ['$schema', 'id', 'title', 'default', 'examples', 'format', 'pattern', 'propertyNames', 'uniqueItems'].concat(
    ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
    ...['minItems', 'maxItems', 'minProperties', 'maxProperties', 'readOnly', 'contentEncoding', 'contentMediaType'],
  ),
)

/**
 * The type of TypeScript that a shape is.
 * @param indent of the line it begins in
 * @throws for a keyword that might change it and is not known here: a type that says too much is worse than none
 */
export function typeOf(shape: Shape, indent = ''): string {
  const unknown = Object.keys(shape).filter((name) => !TELLING.has(name) && !SILENT.has(name) && !name.startsWith('x-'))
  if (unknown.length > 0)
    throw new Error(`The client has no type for ${unknown.join(', ')}: see src/app/client/types.ts`)
  if (shape.$ref !== undefined) return shape.$ref.split('/').at(-1) ?? 'unknown'
  if ('const' in shape) return literal(shape.const)
  if (shape.enum) return union(shape.enum.map(literal))
  const parts = [
    ...(shape.allOf ?? []).map((part) => grouped(typeOf(part, indent))),
    ...[shape.anyOf, shape.oneOf].filter((list) => list !== undefined).map((list) => unionOf(list, indent)),
    ...(shape.type === undefined ? [] : [union([shape.type].flat().map((type) => plain(shape, type, indent)))]),
  ]
  return parts.length === 0 ? 'unknown' : parts.length === 1 ? (parts[0] ?? '') : parts.map(grouped).join(' & ')
}

function plain(shape: Shape, type: string, indent: string): string {
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'array') return listOf(shape, indent)
  if (type === 'object') return objectOf(shape, indent)
  return type
}

function listOf({ items, prefixItems }: Shape, indent: string): string {
  if (prefixItems) return `[${prefixItems.map((part) => typeOf(part, indent)).join(', ')}]`
  return `${grouped(typeOf(items ?? {}, indent))}[]`
}

function objectOf({ properties, required = [], additionalProperties: more }: Shape, indent: string): string {
  const rest = typeof more === 'object' ? typeOf(more, indent) : 'unknown'
  if (!properties) return `{ [name: string]: ${rest} }`
  const within = `${indent}  `
  const lines = Object.entries(properties).flatMap(([name, part]) => [
    ...comment(part.description, within, part.deprecated),
    `${within}${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(part, within)}`,
  ])
  const fields = lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`
  return typeof more === 'object' && Object.keys(more).length > 0 ? `${fields} & { [name: string]: ${rest} }` : fields
}

const unionOf = (shapes: readonly Shape[], indent: string) => union(shapes.map((part) => typeOf(part, indent)))
const union = (types: readonly string[]) => [...new Set(types)].join(' | ')
/** In parentheses, if it is several at its outermost. */
function grouped(type: string): string {
  let outside = type
  for (let before = ''; before !== outside; ) {
    before = outside
    outside = outside.replace(/'[^']*'|\{[^{}]*\}|\([^()]*\)/g, '')
  }
  return / [|&] /.test(outside) ? `(${type})` : type
}

function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : JSON.stringify(value)
}

/** Lines of a doc comment; none without a text. */
export function comment(text: string | undefined, indent = '', deprecated = false): string[] {
  const said = [...(text?.split('\n') ?? []), ...(deprecated ? ['@deprecated'] : [])]
  const lines = said.map((line) => line.replaceAll('*/', '*\\/').trimEnd())
  if (lines.length === 0) return []
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`]
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`]
}
