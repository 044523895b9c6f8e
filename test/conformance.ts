/**
 * How our API stands to the interface that clients of the incumbent's v2 know. `node test/conformance.ts` prints it, operation by operation;
 * `node test/conformance.ts reduce <openapi.json>` makes the fixture of that interface: names and types only.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { apiRoutes } from '#app/api.ts'
import { openApiDocument } from '#platform/http/api/document.ts'

// biome-ignore lint/suspicious/noExplicitAny: documents of somebody else
type Json = any
/** Path of a field, `[]` for items of a list → kinds of value, such as `number|null`. */
type Fields = Record<string, string>

export interface Operation {
  /** `query username`. */
  parameters: string[]
  request: Fields
  response: Fields
}

/** `get /v2/me` → what it takes and gives. */
export type Operations = Record<string, Operation>

export interface Comparison {
  operation: string
  state: 'implemented' | 'differing' | 'missing'
  /** In their interface and not in ours, the other way round, and of another kind. */
  differences: { missing: string[]; extra: string[]; otherwise: string[] }
}

const DEEPEST = 6
const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])

export function operationsOf(document: Json): Operations {
  const operations: Operations = {}
  for (const [path, methods] of Object.entries<Json>(document.paths)) {
    for (const [method, operation] of Object.entries<Json>(methods)) {
      if (!METHODS.has(method)) continue
      const success = Object.entries<Json>(operation.responses).find(([status]) => status.startsWith('2'))?.[1]
      operations[`${method} ${path}`] = {
        parameters: (operation.parameters ?? [])
          .filter((one: Json) => one.in === 'query')
          .map((one: Json) => `query ${one.name}`)
          .sort(),
        request: fieldsOf(document, operation.requestBody?.content?.['application/json']?.schema),
        response: fieldsOf(document, success?.content?.['application/json']?.schema),
      }
    }
  }
  return operations
}

function fieldsOf(document: Json, schema: Json): Fields {
  const fields = new Map<string, Set<string>>()
  if (schema) collect(document, schema, '', fields, 0)
  fields.delete('')
  return Object.fromEntries([...fields].sort().map(([path, kinds]) => [path, [...kinds].sort().join('|')]))
}

function collect(document: Json, given: Json, path: string, fields: Map<string, Set<string>>, depth: number): void {
  const schema = given.$ref ? document.components.schemas[given.$ref.split('/').at(-1)] : given
  const kinds = fields.get(path) ?? new Set<string>()
  fields.set(path, kinds)
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]
  for (const variant of variants) collect(document, variant, path, fields, depth)
  for (const kind of kindsOf(schema)) kinds.add(kind)
  if (schema.nullable) kinds.add('null')
  if (depth >= DEEPEST) return
  for (const [name, part] of Object.entries<Json>(schema.properties ?? {})) {
    collect(document, part, path === '' ? name : `${path}.${name}`, fields, depth + 1)
  }
  if (schema.items) collect(document, schema.items, `${path}[]`, fields, depth + 1)
  for (const part of schema.prefixItems ?? []) collect(document, part, `${path}[]`, fields, depth + 1)
}

function kindsOf({ type, const: constant, properties }: Json): string[] {
  if (constant !== undefined) return [typeof constant]
  const types: string[] = type === undefined ? [] : [type].flat()
  return types.flatMap((one) => {
    if (one === 'integer') return 'number'
    // An object without fields stands for anything in their document.
    return one === 'object' && !properties ? 'any' : one
  })
}

export function compare(theirs: Operations, ours: Operations): Comparison[] {
  return Object.entries(theirs).map(([operation, wanted]) => {
    const offered = ours[operation]
    if (!offered) return { operation, state: 'missing', differences: { missing: [], extra: [], otherwise: [] } }
    const parameters = setDifference(wanted.parameters, offered.parameters)
    const parts = (['request', 'response'] as const).map((part) => difference(part, wanted[part], offered[part]))
    const differences = {
      missing: [...parameters.missing, ...parts.flatMap(({ missing }) => missing)],
      extra: [...parameters.extra, ...parts.flatMap(({ extra }) => extra)],
      otherwise: parts.flatMap(({ otherwise }) => otherwise),
    }
    const same = differences.missing.length + differences.otherwise.length === 0
    return { operation, state: same ? 'implemented' : 'differing', differences }
  })
}

function setDifference(wanted: readonly string[], offered: readonly string[]) {
  return {
    missing: wanted.filter((one) => !offered.includes(one)),
    extra: offered.filter((one) => !wanted.includes(one)),
  }
}

function difference(part: string, wanted: Fields, offered: Fields) {
  const { missing, extra } = setDifference(Object.keys(wanted), Object.keys(offered))
  const otherwise = Object.keys(wanted).filter((path) => {
    const [theirs, ours] = [wanted[path]?.split('|') ?? [], offered[path]?.split('|')]
    if (!ours || theirs.includes('any') || ours.includes('any') || theirs.join() === '') return false
    return !ours.some((kind) => theirs.includes(kind))
  })
  const named = (path: string) => `${part} ${path}`
  return {
    missing: outermost(missing).map(named),
    extra: outermost(extra.filter((path) => !withinAny(path, wanted))).map(named),
    otherwise: otherwise.map((path) => `${named(path)}: ${wanted[path]}, ours ${offered[path]}`),
  }
}

function withinAny(path: string, wanted: Fields): boolean {
  return Object.entries(wanted).some(([outer, kinds]) => kinds.includes('any') && path.startsWith(`${outer}.`))
}

/** What lies within a field that is named already says nothing more. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[`)))
}

const FIXTURE = new URL('fixtures/api-v2.json', import.meta.url)

export function conformance(): Comparison[] {
  const theirs = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Operations
  return compare(theirs, operationsOf(openApiDocument(apiRoutes, { origin: '', version: '' })))
}

function print(all: readonly Comparison[]): void {
  for (const { operation, state, differences } of all) {
    if (state === 'missing') continue
    console.log(`${state === 'implemented' ? '✓' : '≠'} ${operation}`)
    for (const [kind, list] of Object.entries(differences)) for (const one of list) console.log(`    ${kind}: ${one}`)
  }
  const count = (state: string) => all.filter((one) => one.state === state).length
  console.log(
    `\n${all.length} operations: ${count('implemented')} implemented, ${count('differing')} differing, ${count('missing')} missing`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [verb, file] = process.argv.slice(2)
  if (verb === 'reduce' && file) {
    const operations = Object.entries(operationsOf(JSON.parse(readFileSync(file, 'utf8'))))
    const lines = operations.map(([name, operation]) => `${JSON.stringify(name)}:${JSON.stringify(operation)}`)
    console.log(`{\n${lines.join(',\n')}\n}`)
  } else print(conformance())
}
