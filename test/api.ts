import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import { apiRoutes, createApi } from '#app/api.ts'
import { issueApiKey } from '#features/accounts/api-keys/commands.ts'
import { transaction } from '#platform/db/transaction.ts'
import { openApiDocument } from '#platform/http/api/document.ts'
import type { ApiRoute } from '#platform/http/api/route.ts'
import type { Scope } from '#platform/http/api/scopes.ts'
import type { TestContext } from './context.ts'

type Headers = Record<string, string | undefined>
// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
type Body = any

export interface ApiReply {
  status: number
  headers: globalThis.Headers
  body: Body
  /** `data` of a success. */
  data: Body
  /** Code of a refusal. */
  code: string | undefined
}

/** Clients that are written now name their date; a test that names none sends `undefined`. */
const TODAY = '2026-11-20'

/**
 * A client of the whole API on the test's database, through requests as a server gets them. Every reply is held against our own
 * OpenAPI document: a status or a field that is not in it fails the test.
 * @param key absent: without one
 */
export function apiClient(
  { services }: Pick<TestContext, 'services'>,
  key?: string,
  routes = apiRoutes,
  api = createApi(services),
) {
  const contract = contractOf(routes)
  async function send(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<ApiReply> {
    const all: Headers = {
      'cal-api-version': TODAY,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const answer = await api.request(path, {
      method,
      headers: Object.fromEntries(given),
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await answer.text()
    const parsed: Body = text === '' ? null : JSON.parse(text)
    contract(method, path, answer.status, parsed)
    return {
      status: answer.status,
      headers: answer.headers,
      body: parsed,
      data: parsed?.data,
      code: parsed?.error?.code,
    }
  }
  return {
    send,
    get: (path: string, headers?: Headers) => send('GET', path, undefined, headers),
    post: (path: string, body: unknown = {}, headers?: Headers) => send('POST', path, body, headers),
    patch: (path: string, body: unknown, headers?: Headers) => send('PATCH', path, body, headers),
    put: (path: string, body: unknown, headers?: Headers) => send('PUT', path, body, headers),
    delete: (path: string, headers?: Headers) => send('DELETE', path, undefined, headers),
  }
}

export type ApiClient = ReturnType<typeof apiClient>

/** @param scopes null: a key for everything */
export async function insertApiKey(
  test: TestContext,
  userId: number,
  scopes: readonly Scope[] | null = null,
  expires: '7' | 'never' = 'never',
): Promise<string> {
  const ctx = test.as({ kind: 'system' })
  return transaction(test.services.db, (tx) =>
    issueApiKey(tx, ctx, { userId, label: 'Test', expires, scopes: scopes && [...scopes] }),
  )
}

type Contract = (method: string, path: string, status: number, body: unknown) => void
const contracts = new WeakMap<readonly ApiRoute[], Contract>()

function contractOf(routes: readonly ApiRoute[]): Contract {
  const known = contracts.get(routes)
  if (known) return known
  const document = closed(openApiDocument(routes, { origin: 'https://book.example.org', version: 'test' })) as Body
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(document, 'api')
  const validators = new Map<string, ValidateFunction>()
  const patterns = Object.keys(document.paths)
    .sort((a, b) => (a.replaceAll('{', '\uffff') < b.replaceAll('{', '\uffff') ? -1 : 1))
    .map((path) => ({ path, pattern: new RegExp(`^(/api)?${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))

  const contract: Contract = (method, address, status, body) => {
    const path = patterns.find(({ pattern }) => pattern.test(address.split('?')[0] ?? ''))?.path
    const operation = path === undefined ? undefined : document.paths[path][method.toLowerCase()]
    if (!operation || body === null) return
    const responses = operation.responses as Record<string, { $ref?: string }>
    expect(Object.keys(responses), `${method} ${path} answered ${JSON.stringify(body)}`).toContain(String(status))
    const pointer = responses[status]?.$ref
      ? `#/components/responses/Refused${status}`
      : `#/paths/${path?.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method.toLowerCase()}/responses/${status}`
    const reference = `api${pointer}/content/application~1json/schema`
    let validate = validators.get(reference)
    if (!validate) {
      validate = ajv.compile({ $ref: reference })
      validators.set(reference, validate)
    }
    const fits = validate(body)
    expect(
      fits ? [] : validate.errors,
      `${method} ${path} ${status}: not as documented: ${JSON.stringify(body)}`,
    ).toEqual([])
  }
  contracts.set(routes, contract)
  return contract
}

/** The same document, insisting that objects have no other fields than it names. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed)
  if (typeof part !== 'object' || part === null) return part
  const result = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]))
  const isObject = result.type === 'object' && typeof result.properties === 'object'
  return isObject && !('additionalProperties' in result) ? { ...result, additionalProperties: false } : result
}
