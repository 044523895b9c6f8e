import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NOT_TOLD, TOLD } from '#features/webhooks/rules.ts'

/** Names of all events of the product. */
async function eventNames(): Promise<string[]> {
  const root = join(import.meta.dirname, '..', '..')
  const names: string[] = []
  for (const file of globSync('src/features/**/events.ts', { cwd: root })) {
    const exported: Record<string, unknown> = await import(join(root, file))
    for (const one of Object.values(exported)) {
      if (typeof one === 'object' && one !== null && 'payload' in one && 'name' in one) names.push(String(one.name))
    }
  }
  return [...new Set(names)].sort()
}

it('webhooks say of every event whether they tell of it', async () => {
  const names = await eventNames()
  expect(names.length).toBeGreaterThan(40)
  expect([...Object.keys(TOLD), ...NOT_TOLD].sort()).toEqual(names)
})
