import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openApiDocument } from '#platform/http/api/document.ts'
import { defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { apiRoutes, createApi } from './api.ts'

const document = openApiDocument(apiRoutes, { origin: 'https://book.example.org', version: '2' })
// biome-ignore lint/suspicious/noExplicitAny: it is read as its readers do
const paths: [string, Record<string, any>][] = Object.entries(document.paths)

describe('the OpenAPI document', () => {
  it('holds every route, with a name, a summary, who may call it and how it refuses', () => {
    const operations = paths.flatMap(([, methods]) => Object.values(methods))
    expect(operations).toHaveLength(apiRoutes.length)
    for (const { operationId, summary, security, responses, parameters } of operations) {
      expect([operationId, summary]).toEqual([expect.stringMatching(/^[a-z]\w+$/), expect.stringMatching(/^[A-Z]/)])
      expect(security.length).toBeGreaterThan(0)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '429', '500']))
      expect(parameters).toContainEqual(expect.objectContaining({ name: 'cal-api-version', in: 'header' }))
    }
  })

  it('names each parameter of a path', () => {
    for (const [path, methods] of paths) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters
          .filter((one: { in: string }) => one.in === 'path')
          .map((one: { name: string }) => one.name)
        expect([path, inPath]).toEqual([path, named])
      }
    }
  })

  it('leads nowhere with no reference', () => {
    const text = JSON.stringify(document)
    for (const [, kind = '', name = ''] of text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)) {
      expect(Object.keys(document.components[kind as 'schemas'])).toContain(name)
    }
    expect(text).not.toContain('$defs')
  })

  it('has examples of bodies that fit their shape', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'api')
    for (const { body, operationId } of apiRoutes) {
      if (!body) continue
      const { id, examples = [] } = (body.meta() ?? {}) as { id?: string; examples?: unknown[] }
      expect([operationId, examples.length > 0, typeof id]).toEqual([operationId, true, 'string'])
      for (const example of examples) {
        expect([operationId, body.safeParse(example).success]).toEqual([operationId, true])
        expect([operationId, ajv.validate(`api#/components/schemas/${id}`, example)]).toEqual([operationId, true])
      }
    }
  })

  it('does not call two shapes the same', () => {
    const route = (operationId: string, data: z.ZodType) =>
      defineApiRoute({
        ...{ method: 'get', path: `/${operationId}`, operationId, tag: 'X', summary: 'X', access: 'public', data },
        versions: UNVERSIONED,
        run: async () => ({ data: null }),
      })
    const [one, two] = [
      z.object({ a: z.string() }).meta({ id: 'Twin' }),
      z.object({ b: z.string() }).meta({ id: 'Twin' }),
    ]
    const both = () => openApiDocument([route('a', one), route('b', two)], { origin: '', version: '' })
    expect(both).toThrow(/Twin/)
  })
})

describe('what is served of it', () => {
  let test: TestContext
  beforeAll(async () => {
    test = await testContext()
  })
  afterAll(() => test.close())
  const get = (path: string) => createApi(test.services).request(path)

  it('is the document, for everybody', async () => {
    const answer = await get('/api/openapi.json')
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)))
  })

  it('is a reference of every route, which runs no script and loads nothing', async () => {
    const answer = await get('/api/reference')
    const html = await answer.text()
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    for (const { operationId } of apiRoutes) expect(html).toContain(`<section id="${operationId}"`)
    expect(html).toContain('<h4>Body <code>NewSchedule</code>')
    expect(html).toContain('<h4>Reply: <code>data</code> <code>Schedule</code>')
    expect(html).toContain('<td>list of object · <code>WeeklyHours</code><br>')
    expect(html).toContain('<code>Disabled | BookingLimits</code>')
    expect(html).not.toMatch(/<script|<link|<img|style="|undefined|\[object/)
  })
})
