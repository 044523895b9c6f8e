import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '#platform/http/api/document.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { apiRoutes } from '../api.ts'
import { baseOf } from './bases.ts'
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

  it('are written once where one follows from another', () => {
    const shape = (fields: string, required = fields) => ({
      type: 'object',
      properties: Object.fromEntries(fields.split(' ').map((name) => [name, { type: 'string' }])),
      required: required.split(' ').filter(Boolean),
    })
    const longTalk = shape('id at about by more')
    const named = {
      NewTalk: shape('at about', 'at'),
      TalkChange: shape('at about', ''),
      Talk: shape('id at about by'),
      KeptTalk: shape('id at about by until'),
      LongTalk: { ...longTalk, properties: { ...longTalk.properties, about: { type: 'number' } } },
      LooseTalk: shape('id at about by', 'id at'),
      ShortTalk: shape('id at'),
    }
    const told = Object.entries(named).map(([name, one]) => {
      const base = baseOf(name, one, named)
      return [name, base && [base.type, Object.keys(base.rest.properties ?? {})]]
    })
    expect(Object.fromEntries(told)).toEqual({
      ...{ NewTalk: undefined, Talk: undefined, LooseTalk: undefined, ShortTalk: undefined },
      TalkChange: ['Partial<NewTalk>', []],
      KeptTalk: ['Talk', ['until']],
      LongTalk: ["Omit<Talk, 'about'>", ['about', 'more']],
    })
  })

  it('have names that can be imported', () => {
    const client = readFileSync(new URL('../../../sdk/src/operations.ts', import.meta.url), 'utf8')
    const exported = [...client.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name)
    const { components } = openApiDocument(apiRoutes, { origin: '', version: '' })
    expect(exported).toEqual(expect.arrayContaining(['Attendee', 'Booking', 'EventType', 'Schedule', 'WeeklyHours']))
    const current = Object.keys(components.schemas).filter((name) => !name.endsWith('20240415'))
    expect(current.filter((name) => !exported.includes(name))).toEqual([])
    expect(exported.filter((name, at) => exported.indexOf(name) !== at)).toEqual([])
  })

  it('are not guessed where a shape says what they cannot', () => {
    expect(() => typeOf({ not: { type: 'string' } } as never)).toThrow(/not/)
  })
})
