import { describe, expect, it } from 'vitest'
import { openApiDocument } from '#platform/http/api/document.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { apiRoutes } from '../api.ts'
import { isCurrent } from './generate.ts'
import { type ApiDocument, operationsSource } from './operations.ts'
import { typeOf } from './types.ts'

describe('the client that is made of the API', () => {
  it('is the one of the API as it is', () => {
    expect(isCurrent(), 'sdk/src/operations.ts is of an earlier API: npm run generate').toBe(true)
  })

  it('is another one as soon as an operation comes, goes or changes', () => {
    const source = (routes: typeof apiRoutes) =>
      operationsSource(openApiDocument(routes, { origin: '', version: '' }) as unknown as ApiDocument)
    const all = source(apiRoutes)
    expect(source(apiRoutes.slice(1))).not.toBe(all)
    expect(source(apiRoutes.map((route) => ({ ...route, refusals: [...(route.refusals ?? []), 'new_one'] })))).not.toBe(
      all,
    )
  })
})

it('knows only reasons that there is a sentence for', () => {
  const document = openApiDocument(apiRoutes, { origin: '', version: '' }) as unknown as ApiDocument
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const codes = [...operations, ...Object.values(document.components.responses)].flatMap((one) => one['x-codes'])
  const sentences = messagesOf('en', ['errors'])
  expect([...new Set(codes)].filter((code) => !(`errors.${code}` in sentences))).toEqual([])
})

describe('types of shapes', () => {
  it.each([
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ enum: ['a', "it's", null, 3] }, "'a' | 'it\\'s' | null | 3"],
    [{ $ref: '#/components/schemas/Booking' }, 'Booking'],
    [{ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } }, '(string | null)[]'],
    [{ type: 'array', items: { type: 'object', properties: { a: { enum: [1, 2] } } } }, '{\n  a?: 1 | 2\n}[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] }, '[string, number]'],
    [{ type: 'object', additionalProperties: { type: 'boolean' } }, '{ [name: string]: boolean }'],
    [{ type: 'object', properties: { 'a-b': {} }, required: ['a-b'] }, '{\n  "a-b": unknown\n}'],
    [{ allOf: [{ $ref: '#/A' }, { anyOf: [{ $ref: '#/B' }, { $ref: '#/C' }] }] }, 'A & (B | C)'],
    [{}, 'unknown'],
  ])('%j', (shape, type) => {
    expect(typeOf(shape)).toBe(type)
  })

  it('are not guessed where a shape says what they cannot', () => {
    expect(() => typeOf({ not: { type: 'string' } } as never)).toThrow(/not/)
  })
})
