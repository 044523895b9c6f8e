import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import { removeScratch, scratchFolder } from '#test/scratch.ts'
import { listening, stopped } from '#test/sdk/server.ts'
import type * as Sdk from '../../sdk/src/index.ts'
import { useScene, visit } from './scene.ts'

/** The client as a page of another site has it, against the product as it is run. */

const ROOT = join(import.meta.dirname, '..', '..')
const TSC = join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc')

const PAGE = `<!doctype html><meta charset="utf-8"><title>Somebody else’s site</title>
<script type="module">import * as sdk from './index.js'; window.sdk = sdk</script>`

const scene = useScene()
let folder: string
let site: { server: Server; url: string }

beforeAll(async () => {
  folder = await scratchFolder('site')
  await promisify(execFile)(process.execPath, [TSC, '-p', join(ROOT, 'sdk'), '--outDir', folder])
  site = await listening((req, res) => {
    const script = /^\/(\w+\.js)$/.exec(req.url ?? '')?.[1]
    const type = script ? 'text/javascript' : 'text/html'
    res.writeHead(200, { 'content-type': type })
    res.end(script ? readFileSync(join(folder, script)) : PAGE)
  })
})
afterAll(async () => {
  await stopped(site.server)
  await removeScratch(folder)
})

it('books from a page of another site, as a visitor, and reads with a key', async () => {
  const { page, context, faults } = await visit(scene.browser)
  await page.goto(site.url)
  await page.waitForFunction(() => 'sdk' in window)
  const key = await ownersKey()
  const seen = await page.evaluate(
    async ({ url, key }) => {
      const { createSundial, firstOf, RefusedError } = (window as unknown as { sdk: typeof Sdk }).sdk
      const host = createSundial({ url, key })
      const { id } = await host.createEventType({ title: 'From elsewhere', slug: 'elsewhere', lengthInMinutes: 30 })
      const visitor = createSundial({ url })
      const day = (inDays: number) => new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10)
      const days = await visitor.getAvailableSlots({ eventTypeId: id, start: day(1), end: day(3) })
      const start = Object.values(days).flat()[0]?.start ?? ''
      const attendee = { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'UTC' }
      const booked = firstOf(await visitor.createBooking({ eventTypeId: id, start, attendee }))
      const refused = await visitor.createBooking({ eventTypeId: id, start, attendee }).catch((error) => error)
      const known = refused instanceof RefusedError && { code: refused.code, requestId: refused.requestId }
      const titles: string[] = []
      for await (const { title } of host.getBookings({ take: 1 })) titles.push(title)
      return { status: booked.status, known, titles, cookies: document.cookie }
    },
    { url: scene.app.url, key },
  )
  expect(seen).toEqual({
    ...{ status: 'accepted', titles: ['From elsewhere'], cookies: '' },
    known: { code: 'slot_taken', requestId: expect.stringMatching(/^[\w-]{36}$/) },
  })
  expect([faults, await context.cookies(scene.app.url)]).toEqual([[], []])
})

async function ownersKey(): Promise<string> {
  const [key, now] = [`sun_${randomToken()}`, Temporal.Now.instant()]
  const row = { user_id: scene.ownerId, label: 'Test', prefix: key.slice(0, 8), key_hash: hashToken(key) }
  const terms = { created_at: now, scopes: null, expires_at: null }
  await scene.app.db
    .insertInto('api_keys')
    .values({ id: uuidv7(), ...row, ...terms })
    .execute()
  return key
}
