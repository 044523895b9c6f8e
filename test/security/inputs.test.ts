import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { apiRoutes } from '#app/api.ts'

/**
 * Nobody can name more than is asked for: no body, query or command takes a field that it does not know, at whatever depth, so none can
 * carry the owner, the status or the price of something along. Made from the shapes themselves: one that is added is judged without a
 * word here.
 */
const root = join(import.meta.dirname, '..', '..')

/** Names of their senders' own choosing, which are stored as they are and never as columns. */
const FREE_NAMES = [
  /\.(metadata|tracking|answers|bookingFieldsResponses|responses)$/,
  // By the rule of a holiday; what is none of the chosen ones is dropped.
  /\.halves$/,
  /^bookings\/answers\/schema\.ts#rawAnswers$/,
  // A list whose places are named: `calendarsToLoad[0][credentialId]`.
  /^query\.calendarsToLoad$/,
]

/** What somebody would like to decide who is not asked. */
const TEMPTING = [
  'userId',
  'ownerId',
  'hostId',
  'teamId',
  'id',
  'uid',
  'status',
  'role',
  'price',
  'createdAt',
  'isAdmin',
]

/** What other programs add to the address of a calendar is theirs (CalConnect, free/busy read URL); it only narrows what is read. */
const TOLERANT = new Set(['bookings/feeds/schema.ts#spanQuery'])

interface JsonSchema {
  $defs?: Record<string, JsonSchema>
  $ref?: string
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  prefixItems?: JsonSchema[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
}

const sentTo = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

/** Where a shape takes what it does not name. */
function open(whole: JsonSchema, name: string, part: JsonSchema = whole, seen = new Set<JsonSchema>()): string[] {
  if (seen.has(part)) return []
  seen.add(part)
  if (part.$ref) {
    const named = part.$ref === '#' ? whole : whole.$defs?.[part.$ref.replace('#/$defs/', '')]
    return named ? open(whole, name, named, seen) : [`${name}: ${part.$ref} leads nowhere`]
  }
  const own = part.type === 'object' && part.additionalProperties !== false && !FREE_NAMES.some((one) => one.test(name))
  const inner = [
    ...Object.entries(part.properties ?? {}).map(([key, value]) => [`${name}.${key}`, value] as const),
    ...[part.items, ...(part.prefixItems ?? [])].flatMap((one) => (one ? [[`${name}[]`, one] as const] : [])),
    ...[part.anyOf, part.oneOf, part.allOf].flatMap((all) => (all ?? []).map((one) => [name, one] as const)),
  ]
  return [...(own ? [name] : []), ...inner.flatMap(([at, value]) => open(whole, at, value, seen))]
}

const shapes = await Promise.all(
  globSync('src/features/**/schema.ts', { cwd: root })
    .filter((file) => !file.includes('/api/'))
    .sort()
    .map(async (file) => [file, (await import(join(root, file))) as Record<string, unknown>] as const),
)
const commandShapes = shapes.flatMap(([file, module]) =>
  Object.entries(module)
    .filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType)
    .map(([name, schema]) => [`${file.replace('src/features/', '')}#${name}`, schema] as const),
)

describe('what commands take', () => {
  it('is found by this test at all', () => {
    const names = commandShapes.map(([name]) => name)
    expect(names).toContain('accounts/schema.ts#newAccount')
    expect(names).toContain('bookings/schema.ts#cancelSchema')
    expect(names.length).toBeGreaterThan(60)
  })

  it.each(commandShapes)('%s knows every name in it', (name, schema) => {
    expect(open(sentTo(schema), name)).toEqual(TOLERANT.has(name) ? [name] : [])
  })
})

describe.each(apiRoutes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s',
  (_, { params, query, body }) => {
    it('knows every name it is sent', () => {
      const sent = { params, query, body }
      for (const [kind, schema] of Object.entries(sent)) if (schema) expect(open(sentTo(schema), kind)).toEqual([])
    })

    it('refuses what is not its sender’s to decide', () => {
      if (!body) return
      const [example = {}] = (body.meta()?.examples ?? []) as object[]
      const asked = Object.keys(sentTo(body).properties ?? {})
      for (const name of TEMPTING.filter((one) => !asked.includes(one))) {
        expect([name, body.safeParse({ ...example, [name]: 1 }).success]).toEqual([name, false])
      }
    })

    it('sorts by what it lists', () => {
      const names = Object.entries((query && sentTo(query).properties) ?? {})
      for (const [name, schema] of names.filter(([one]) => /^(sort|order)|(sort|order)$/i.test(one))) {
        expect([name, schema.enum]).toEqual([name, expect.any(Array)])
      }
    })
  },
)
