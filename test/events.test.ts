import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NOUNS } from '#features/accounts/audit/schema.ts'
import type { EventDefinition } from '#platform/events.ts'

const root = join(import.meta.dirname, '..')

async function definitions(): Promise<EventDefinition[]> {
  const files = globSync('src/features/**/events.ts', { cwd: root })
  const modules = await Promise.all(files.map((file) => import(join(root, file)) as Promise<Record<string, unknown>>))
  return modules.flatMap((module) => Object.values(module)).filter(isDefinition)
}

function isDefinition(value: unknown): value is EventDefinition {
  return typeof value === 'object' && value !== null && 'name' in value && 'subject' in value
}

const sentences: Record<string, string> = JSON.parse(
  readFileSync(join(root, 'src/platform/i18n/messages/en/audit.json'), 'utf8'),
)
/** Other texts of the log. */
const isSentence = (key: string) => !/^(who|via|thing)\.|^changed$/.test(key)
/** What the log adds to the payload (src/routes/(app)/activity-words.ts). */
const VALUES = ['by', 'who', 'thing', 'whom', 'owner', 'from', 'to']

const anything = () => new Proxy({}, { get: () => 1 }) as object

describe('every event', () => {
  it('has one name, and a sentence in the log', async () => {
    const names = (await definitions()).map(({ name }) => name).sort()
    expect(names.length).toBeGreaterThan(60)
    expect(names).toEqual([...new Set(names)])
    expect(names).toEqual(Object.keys(sentences).filter(isSentence).sort())
  })

  it('has a sentence that needs no more than is known', async () => {
    const wanting = (await definitions()).flatMap(({ name, payload }) => {
      const known = [...VALUES, ...Object.keys('shape' in payload ? (payload.shape as object) : {})]
      const used = [...(sentences[name] ?? '').matchAll(/\{\s*(\w+)\s*[,}]/g)].map((match) => match[1] ?? '')
      return used.filter((value) => !known.includes(value)).map((value) => `${name}: ${value}`)
    })
    expect(wanting).toEqual([])
  })

  it('happens to a kind of thing that the log can be narrowed to', async () => {
    const nouns = (await definitions()).map(({ subject }) => subject(anything()).split(':')[0] ?? '')
    expect(nouns.filter((noun) => !(NOUNS as readonly string[]).includes(noun))).toEqual([])
  })
})
