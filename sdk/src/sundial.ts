import { type OperationShape, operations, type Sundial } from './operations.ts'
import { type Page, Pages } from './pages.ts'
import { queryText } from './query.ts'
import { type CallOptions, type SundialOptions, send } from './send.ts'

type Call = (...given: unknown[]) => unknown

/** A client of one installation. */
export function createSundial(options: SundialOptions): Sundial {
  const calls = Object.entries(operations).map(([name, shape]) => [name, callOf(options, shape)])
  return Object.fromEntries(calls) as Sundial
}

/** Given are the parameters of the path in their order, then the query or the body if there is one, then options. */
function callOf(settings: SundialOptions, { method, path, takes, paged }: OperationShape): Call {
  const names = path.match(/\{\w+\}/g) ?? []
  return (...given) => {
    const [input, options] = (takes ? given.slice(names.length) : [undefined, given[names.length]]) as [
      input: Record<string, unknown> | undefined,
      options: CallOptions | undefined,
    ]
    const address = names.reduce((text, name, index) => text.replace(name, segment(given[index])), path)
    const load = (query: Readonly<Record<string, unknown>>) =>
      send(settings, { method, path: `${address}${queryText(query)}` }, options)
    if (paged) return new Pages((query) => load(query) as Promise<Page<unknown>>, input ?? {})
    if (takes === 'body') return dataOf(send(settings, { method, path: address, body: input ?? {} }, options))
    return dataOf(takes ? load(input ?? {}) : send(settings, { method, path: address }, options))
  }
}

/** Of a path: whatever it holds, it stays one part of it. */
function segment(value: unknown): string {
  const text = String(value ?? '')
  if (text === '' || text === '.' || text === '..') throw new TypeError(`"${text}" is no part of an address`)
  return encodeURIComponent(text)
}

async function dataOf(reply: Promise<{ data: unknown }>): Promise<unknown> {
  return (await reply).data
}

/** Where an operation answers with one or, of an event type that repeats, with several: the first. */
export function firstOf<T>(made: T | T[]): T {
  return Array.isArray(made) ? (made[0] as T) : made
}
