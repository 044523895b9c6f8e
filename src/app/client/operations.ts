import { baseOf } from './bases.ts'
import { comment, type Shape, typeOf } from './types.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema: Shape
}

interface Body {
  content: { 'application/json': { schema: Shape } }
}

interface Operation {
  operationId: string
  summary: string
  description?: string
  parameters: readonly Parameter[]
  requestBody?: Body & { required: boolean }
  responses: Record<string, Body & { $ref?: string }>
  'x-codes': readonly string[]
}

/** What the client reads of an OpenAPI document of ours. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Shape>; responses: Record<string, { 'x-codes': readonly string[] }> }
}

interface Call extends Operation {
  method: string
  path: string
}

const BEGINNING = `// Made of the API by \`npm run generate\`: changes here are lost.
import type { CallOptions } from './send.ts'
import type { Pages } from './pages.ts'
`

/**
 * The part of the client that follows from the API: its shapes, an interface with a method per operation, and the table by which the
 * methods are made. Parameters of the path come first, then the query or the body, then options.
 */
export function operationsSource({ paths, components }: ApiDocument): string {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Call => ({ method, path, ...operation })),
  )
  const versions = calls.map(({ parameters }) => parameters.find(({ name }) => name === 'cal-api-version')?.schema)
  const newest = versions.flatMap((schema) => (schema as { examples?: string[] })?.examples ?? []).sort()
  const codes = [...calls, ...Object.values(components.responses)].flatMap((one) => one['x-codes'])
  return [
    BEGINNING,
    comment('The shapes that the types are of.').join(''),
    `export const API_VERSION = '${newest.at(-1)}'\n`,
    ...Object.entries(components.schemas).map(([name, shape]) => declared(name, shape, components.schemas)),
    ...calls.flatMap((call) => (queryOf(call).length > 0 ? [declared(queryName(call), queryShape(call), {})] : [])),
    ...comment('Why something was refused. An installation that is newer than this package may have more.'),
    `export type ReasonCode =\n${[...new Set(codes)]
      .sort()
      .map((code) => `  | '${code}'`)
      .join('\n')}\n`,
    ...comment('Everything the API does, by the names of its reference.'),
    `export interface Sundial {\n${calls.map(methodOf).join('\n')}\n}\n`,
    `export interface OperationShape {\n  method: string\n  path: string\n  takes?: 'query' | 'body'\n  paged?: true\n}\n`,
    `export const operations: Record<keyof Sundial, OperationShape> = {\n${calls.map(entryOf).join('\n')}\n}`,
    '',
  ].join('\n')
}

function declared(name: string, shape: Shape, named: Record<string, Shape>): string {
  const base = baseOf(name, shape, named)
  const type = typeOf(base?.rest ?? shape)
  const isInterface = type.startsWith('{\n') && type.endsWith('\n}') && !/\n\} [&|] /.test(type)
  const text = isInterface
    ? `export interface ${name}${base ? ` extends ${base.type}` : ''} ${type}`
    : `export type ${name} = ${base?.type ?? type}`
  return [...comment(shape.description), `${text}\n`].join('\n')
}

function methodOf(call: Call): string {
  const { operationId, summary, description, path, requestBody } = call
  const query = queryOf(call)
  if (query.length > 0 && requestBody)
    throw new Error(`${operationId} takes a query and a body: the client has no form for it`)
  const mayBeLeftOut = query.length > 0 ? query.every(({ required }) => !required) : requestBody?.required === false
  const given = [
    ...pathOf(call).map(({ name, schema }) => `${name}: ${typeOf(schema)}`),
    ...(query.length > 0 ? [`query${mayBeLeftOut ? '?' : ''}: ${queryName(call)}`] : []),
    ...(requestBody ? [`body${mayBeLeftOut ? '?' : ''}: ${typeOf(bodyOf(requestBody), '  ')}`] : []),
    'options?: CallOptions',
  ]
  const told = `${summary}: \`${call.method.toUpperCase()} ${path}\`${description ? `\n\n${description}` : ''}`
  return [...comment(told, '  '), `  ${operationId}(${given.join(', ')}): ${resultOf(call)}\n`].join('\n')
}

function resultOf(call: Call): string {
  const { data } = replyOf(call)
  if (!data) return 'Promise<void>'
  return isPaged(call) ? `Pages<${typeOf(data.items ?? {}, '  ')}>` : `Promise<${typeOf(data, '  ')}>`
}

function entryOf(call: Call): string {
  const takes = queryOf(call).length > 0 ? 'query' : call.requestBody ? 'body' : null
  const parts = [
    `method: '${call.method.toUpperCase()}'`,
    `path: '${call.path}'`,
    ...(takes ? [`takes: '${takes}'`] : []),
    ...(isPaged(call) ? ['paged: true'] : []),
  ]
  return `  ${call.operationId}: { ${parts.join(', ')} },`
}

const pathOf = ({ parameters }: Call) => parameters.filter((one) => one.in === 'path')
const queryOf = ({ parameters }: Call) => parameters.filter((one) => one.in === 'query')
const queryName = ({ operationId }: Call) => `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Query`
const bodyOf = ({ content }: Body) => content['application/json'].schema
const isPaged = (call: Call) => 'pagination' in replyOf(call) && queryOf(call).some(({ name }) => name === 'cursor')

function queryShape(call: Call): Shape {
  const query = queryOf(call)
  return {
    type: 'object',
    properties: Object.fromEntries(query.map(({ name, schema, description }) => [name, { ...schema, description }])),
    required: query.filter(({ required }) => required).map(({ name }) => name),
  }
}

function replyOf({ responses }: Call): Record<string, Shape> {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  return (success && bodyOf(success).properties) ?? {}
}
