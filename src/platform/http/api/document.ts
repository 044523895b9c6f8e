import { z } from 'zod'
import { pagination } from './pages.ts'
import { refusal } from './refusal.ts'
import type { ApiRoute } from './route.ts'
import { datesOf } from './versions.ts'

type Json = Record<string, unknown>

const HEADERS = {
  'Cal-Api-Version': { description: 'The version that answered.', schema: { type: 'string' } },
  'X-RateLimit-Remaining': { description: 'Requests left in this minute.', schema: { type: 'integer' } },
  'X-Request-Id': { description: 'To be named when asking for help.', schema: { type: 'string' } },
}

/** Codes of the kernel itself, by status; each route adds its own. */
const CODES: Record<number, readonly string[]> = {
  400: ['invalid_input', 'body_malformed', 'idempotency_key_invalid'],
  401: ['api_key_required', 'api_key_invalid', 'client_credentials_unsupported'],
  403: ['scope_missing'],
  404: ['not_found'],
  405: ['method_not_allowed'],
  409: ['idempotency_key_reused'],
  413: ['body_too_large'],
  415: ['body_not_json'],
  429: ['rate_limited'],
  500: ['unexpected'],
  503: ['database_unavailable', 'storage_full'],
}

/** What a route may be refused with, by status. */
const REFUSALS: Record<number, string> = {
  400: 'The request is not well formed; `details.fields` names each problem.',
  401: 'No key, or one that is not valid (any more).',
  403: 'The key or its owner may not do this.',
  404: 'There is no such thing, or it belongs to somebody else.',
  405: 'The path knows other methods; see `Allow`.',
  409: 'It contradicts what is there, such as a time that is taken.',
  410: 'It was there, and is over.',
  413: 'The body has more than a megabyte.',
  415: 'The body is not JSON.',
  429: 'Too many requests; see `Retry-After`.',
  500: 'Our fault. `X-Request-Id` helps to find it.',
  502: 'A service behind this one does not answer.',
  503: 'The database does not answer, or has no room left; see `Retry-After`.',
}

/** The OpenAPI 3.1 description of the routes, made of what serves them. */
export function openApiDocument(routes: readonly ApiRoute[], { origin, version }: { origin: string; version: string }) {
  const schemas: Json = {}
  const shape = (schema: z.ZodType, io: 'input' | 'output') => shapeOf(schema, io, schemas)
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = `/v2${route.path}`
    paths[path] = { ...paths[path], [route.method]: operationOf(route, shape) }
  }
  const refusalShape = shape(refusal, 'output')
  return {
    openapi: '3.1.0',
    info: { title: 'Sundial API', version, description: INTRODUCTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: origin }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key from Settings → Security: `Bearer sun_…`.' },
      },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          `Refused${status}`,
          {
            ...{ description, content: { 'application/json': { schema: refusalShape } } },
            'x-codes': CODES[Number(status)] ?? [],
          },
        ]),
      ),
    },
  }
}

const INTRODUCTION = `Every reply is \`{ "status": "success", "data": … }\` or \`{ "status": "error", "error": { "code", "message", "details" } }\`.

Send a key as \`Authorization: Bearer sun_…\`. Each key names what it is for; routes that say so work without one.

\`cal-api-version\` chooses among the shapes of a resource by date. Without it you get the oldest, and the reply says so in
\`Cal-Api-Version-Default\`.

\`Idempotency-Key\` on a POST makes it safe to send again for 24 hours: the first reply comes back, with \`Idempotency-Replayed: true\`.`

type ShapeOf = (schema: z.ZodType, io: 'input' | 'output') => Json

function operationOf(route: ApiRoute, shape: ShapeOf): Json {
  const { operationId, tag, summary, description, access, keyScope, refusals = [], status = 200 } = route
  const scope = access === 'public' ? keyScope : access === 'any_key' ? undefined : access
  const keyed = { apiKey: scope ? [scope] : [] }
  const told = refusals.length > 0 ? `Refuses with ${refusals.map((code) => `\`${code}\``).join(', ')}.` : ''
  return {
    ...{ operationId, tags: [tag], summary },
    description: [description, told].filter(Boolean).join('\n\n') || undefined,
    'x-codes': refusals,
    security: access === 'public' ? [{}, keyed] : [keyed],
    parameters: [
      ...parametersOf(route.params, 'path', shape),
      ...parametersOf(route.query, 'query', shape),
      versionHeader(route),
      ...(route.method === 'post' ? [IDEMPOTENCY_KEY] : []),
    ],
    requestBody: route.body && {
      required: !route.body.safeParse({}).success,
      content: { 'application/json': { schema: shape(route.body, 'input') } },
    },
    responses: {
      [status]: {
        description: 'Done.',
        headers: HEADERS,
        content: { 'application/json': { schema: replyShape(route, shape) } },
      },
      ...Object.fromEntries(
        Object.keys(REFUSALS)
          .filter((refused) => access !== 'public' || scope !== undefined || refused !== '403')
          .map((refused) => [refused, { $ref: `#/components/responses/Refused${refused}` }]),
      ),
    },
  }
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Any text of your choice, new for each thing to be done.',
  schema: { type: 'string', maxLength: 255 },
}

function versionHeader({ versions }: ApiRoute): Json {
  const dates = datesOf(versions)
  return {
    name: 'cal-api-version',
    in: 'header',
    description: 'The newest of these that is not younger than what you send.',
    schema: { type: 'string', default: dates[0], examples: [versions.current], 'x-versions': dates },
  }
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query', shape: ShapeOf): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = shape(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    ...{ name, in: where, required: where === 'path' || required.includes(name) },
    ...(description !== undefined && { description }),
    schema: property,
  }))
}

function replyShape({ data, olderData = [], paged }: ApiRoute, shape: ShapeOf): Json {
  const shapes = [data, ...olderData].filter((one) => one !== undefined).map((one) => shape(one, 'output'))
  const properties: Json = { status: { const: 'success' } }
  if (shapes.length > 0) properties.data = shapes.length === 1 ? shapes[0] : { anyOf: shapes }
  if (paged) properties.pagination = shape(pagination, 'output')
  return { type: 'object', properties, required: Object.keys(properties) }
}

/** A shape as JSON Schema; named parts of it go to the components, each name once. */
function shapeOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  for (const [name, part] of Object.entries($defs as Json)) {
    const shown = presentable(part)
    if (name in components && JSON.stringify(components[name]) !== JSON.stringify(shown)) {
      throw new Error(`Two shapes are called ${name}: give them ids of their own`)
    }
    components[name] = shown
  }
  return presentable(own) as Json
}

/** References lead to the components. Replies may gain fields, so no reader should insist that there are none. */
function presentable(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(presentable)
  if (typeof part !== 'object' || part === null) return part
  const entries = Object.entries(part)
    .filter(([name, value]) => !(name === 'additionalProperties' && value === false))
    .map(([name, value]) => [
      name,
      name === '$ref' ? String(value).replace('#/$defs/', '#/components/schemas/') : presentable(value),
    ])
  return Object.fromEntries(entries)
}
