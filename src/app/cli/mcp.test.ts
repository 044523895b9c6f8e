import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '#platform/http/api/scopes.ts'
import { insertApiKey } from '#test/api.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const ARGS = ['src/app/cli.ts', 'mcp']

let test: TestContext
let dataDir: string
let host: TestHost
let eventTypeId: number
beforeAll(async () => {
  test = await testContext({ now: new Date().toISOString() })
  dataDir = mkdtempSync(join(tmpdir(), 'sundial-mcp-'))
  host = await insertHost(test.services.db)
  eventTypeId = await insertEventType(test.services.db, host.id)
})
afterAll(async () => {
  rmSync(dataDir, { recursive: true })
  await test.close()
})

const envWith = (key: string | undefined): Record<string, string> => ({
  ...{ PATH: process.env.PATH ?? '', SUNDIAL_DATA_DIR: dataDir, DATABASE_URL: test.database.url },
  ...(key !== undefined && { SUNDIAL_API_KEY: key }),
})

/** The official client, which starts the command line as an assistant on the same machine does. */
async function connected(scopes: Scope[] | null, more: string[] = []) {
  const key = await insertApiKey(test, host.id, scopes)
  const client = new Client({ name: 'test', version: '1' })
  const args = [...ARGS, ...more]
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    cwd: ROOT,
    env: envWith(key),
    stderr: 'pipe',
  })
  const said = transport.stderr ? text(transport.stderr as NodeJS.ReadableStream) : Promise.resolve('')
  await client.connect(transport)
  await client.listTools()
  return { client, said }
}

// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
type Any = any
const called = async (client: Client, name: string, args: object) =>
  (await client.callTool({ name, arguments: { ...args } })) as Any

/** All of a conversation at once, as a script would have it. */
async function conversation(lines: string[], key?: string, args: string[] = []) {
  const child = spawn(process.execPath, [...ARGS, ...args], { cwd: ROOT, env: envWith(key) })
  child.stdin.end(lines.map((line) => `${line}\n`).join(''))
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, out, err }
}

describe('an assistant on the same machine', () => {
  it('books, and cancels after it was shown what would be', async () => {
    const { client, said } = await connected(null)
    const { structuredContent } = await called(client, 'find_slots', { eventTypeId, limit: 1 })
    const start = structuredContent.slots[0]?.start ?? structuredContent.nextFree
    const person = { name: 'Alex Doe', email: 'alex@example.com', timeZone: 'Europe/Rome' }
    const made = await called(client, 'book', { eventTypeId, start, ...person })
    const ending = { bookingUid: made.structuredContent.booking.uid, reason: 'A cold' }
    const shown = await called(client, 'cancel', ending)
    expect(shown.structuredContent).toMatchObject({ done: false, before: { booking: { status: 'accepted' } } })
    const { token } = shown.structuredContent.confirmation
    const ended = await called(client, 'cancel', { ...ending, confirm: token })
    expect(ended.structuredContent).toMatchObject({ done: true, result: { booking: { status: 'cancelled' } } })
    await client.close()
    expect(await said).toBe('')
  })

  it('gets the tools that its key is for, and changes at once where that was said', async () => {
    const { client } = await connected(['BOOKING_WRITE'], ['--no-confirm'])
    const names = (await client.listTools()).tools.map(({ name }) => name)
    expect(names.sort()).toEqual(['book', 'cancel', 'find_slots', 'hold_slot', 'release_hold', 'reschedule'])
    const refused = await called(client, 'cancel', { bookingUid: 'x'.repeat(24) })
    expect([refused.isError, JSON.parse(refused.content[0].text).error.code]).toEqual([true, 'booking_not_found'])
    await client.close()
  })

  it('is answered before the input’s end ends it, and never with anything but messages', async () => {
    const list = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list' })
    const key = await insertApiKey(test, host.id)
    const { code, out, err } = await conversation([list(1), 'no message', list(2)], key)
    const replies = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect([code, replies.map(({ id }) => id)]).toEqual([0, [1, 2]])
    expect(err).toContain('"level":"warn"')
  })

  it('needs a key that is valid', async () => {
    const [none, wrong, unknown] = await Promise.all([
      conversation([]),
      conversation([], `sun_${'a'.repeat(43)}`),
      conversation([], 'x', ['--quickly']),
    ])
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('SUNDIAL_API_KEY is missing')])
    expect([wrong.code, wrong.out, wrong.err]).toEqual([1, '', expect.stringContaining('API key')])
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('--quickly')])
  })
})
