import { AppError, type FieldProblem, invalidInput } from '../../errors.ts'

const MOST_BYTES = 1_000_000
const MOST_PARAMETERS = 500
const MOST_DEPTH = 5
const DEEPEST_BODY = 50

type QueryValue = string | QueryValue[] | { [name: string]: QueryValue }

/**
 * A query with its brackets read: `a=1&a=2`, `a[]=1` and `a[0]=1` are lists, `a[b]=1` an object. All values stay text.
 * @throws invalid_input for a name that is two of these at once
 */
export function parsedQuery(search: URLSearchParams): Record<string, QueryValue> {
  if (search.size > MOST_PARAMETERS) throw invalid('', 'field_too_many', { max: MOST_PARAMETERS })
  const query: Record<string, QueryValue> = Object.create(null)
  for (const [name, value] of search) {
    requireReadable(value, name)
    const path = pathOf(name)
    if (path.length > MOST_DEPTH) throw invalid(name)
    put(query, path, value, name)
  }
  return query
}

/** `a[b][]` is a, b and an empty part; what is not made like this is a name as it stands. */
function pathOf(name: string): string[] {
  const [, first, brackets] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? []
  return first === undefined || brackets === undefined ? [name] : [first, ...brackets.slice(1, -1).split('][')]
}

function put(target: Record<string, QueryValue>, [first = '', ...rest]: string[], value: string, name: string): void {
  const present = target[first]
  if (rest.length === 0) {
    target[first] = present === undefined ? value : joined(present, value, name)
  } else if (rest.length === 1 && /^\d{0,4}$/.test(rest[0] ?? '')) {
    target[first] = present === undefined ? [value] : joined(present, value, name)
  } else {
    if (present !== undefined && (typeof present === 'string' || Array.isArray(present))) throw invalid(name)
    const inner: Record<string, QueryValue> = present ?? Object.create(null)
    target[first] = inner
    put(inner, rest, value, name)
  }
}

function joined(present: QueryValue, value: string, name: string): QueryValue[] {
  if (typeof present === 'string') return [present, value]
  if (!Array.isArray(present)) throw invalid(name)
  present.push(value)
  return present
}

/**
 * The body as JSON; an empty one is `{}`.
 * @throws body_too_large, body_not_json for another media type, body_malformed, invalid_input
 */
export async function parsedBody(request: Request): Promise<unknown> {
  const text = await bodyText(request)
  if (text === '') return {}
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) throw new AppError('body_not_json', 'unsupported_type')
  const body = parsedJson(text)
  requireReadableTexts(body, [])
  return body
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AppError('body_malformed', 'invalid', { reason: error.message.slice(0, 200) })
    throw error
  }
}

async function bodyText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) throw tooLarge()
  if (request.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    if (error instanceof TypeError) throw new AppError('body_malformed', 'invalid', { reason: 'not UTF-8' })
    throw error
  }
}

function tooLarge(): AppError {
  return new AppError('body_too_large', 'too_large', { max: MOST_BYTES })
}

/** What no text of ours can hold, wherever it stands: PostgreSQL has no NUL, and half a character is none. */
function requireReadableTexts(value: unknown, path: readonly (string | number)[]): void {
  if (typeof value === 'string') requireReadable(value, path.join('.'))
  if (typeof value !== 'object' || value === null) return
  if (path.length > DEEPEST_BODY) throw invalid(path.join('.'))
  for (const [name, part] of Object.entries(value)) {
    requireReadable(name, path.join('.'))
    requireReadableTexts(part, [...path, name])
  }
}

function requireReadable(text: string, path: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw invalid(path, 'field_unreadable')
}

function invalid(path: string, code = 'field_invalid', values?: FieldProblem['values']): AppError {
  return invalidInput([{ path: path.slice(0, 200), code, message: code, values }])
}
