import { execFile } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertApiKey } from '#test/api.ts'
import { insertHost } from '#test/offers.ts'
import { removeScratch, scratchFolder } from '#test/scratch.ts'
import { type ApiServer, startApi } from './server.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const TSC = join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc')
// A whole compiler and a whole server, on a machine that may have other work.
const COMPILED_MS = 300_000
const run = promisify(execFile)

let folder: string
let server: ApiServer
let env: Record<string, string>

beforeAll(async () => {
  folder = await scratchFolder('sdk')
  const installed = join(folder, 'node_modules', '@sundial', 'sdk')
  const [, started] = await Promise.all([
    run(process.execPath, [TSC, '-p', join(ROOT, 'sdk'), '--outDir', join(installed, 'dist')]),
    startApi({ now: new Date().toISOString() }),
  ])
  server = started
  copyFileSync(join(ROOT, 'sdk', 'package.json'), join(installed, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
  const host = await insertHost(server.test.services.db)
  const scopes = ['EVENT_TYPE_READ', 'EVENT_TYPE_WRITE', 'BOOKING_READ', 'BOOKING_WRITE'] as const
  env = { SUNDIAL_URL: server.url, SUNDIAL_KEY: await insertApiKey(server.test, host.id, scopes) }
}, COMPILED_MS)
afterAll(async () => {
  await server?.close()
  await removeScratch(folder)
})

describe('the package', () => {
  const files = () => {
    const dist = join(folder, 'node_modules', '@sundial', 'sdk', 'dist')
    return readdirSync(dist).map((name) => ({ name, text: readFileSync(join(dist, name), 'utf8') }))
  }

  it('needs nothing but itself, neither to run nor for its types', () => {
    const imports = files().flatMap(({ text }) => [...text.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)])
    expect(imports.length).toBeGreaterThan(8)
    expect(imports.map(([, from]) => from).filter((from) => !/^\.\/\w+\.(js|ts)$/.test(from ?? ''))).toEqual([])
    expect(files().filter(({ text }) => /\b(process|Buffer|require)\b[.(]/.test(text))).toEqual([])
  })

  it('is small enough for pages', () => {
    const code = files().filter(({ name }) => name.endsWith('.js'))
    expect(gzipSync(code.map(({ text }) => text).join('\n')).length).toBeLessThan(8_000)
  })
})

describe('the quick start', () => {
  const text = readFileSync(join(ROOT, 'docs', 'api', 'quick-start.md'), 'utf8')
  const blocks = (language: string) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code ?? '')

  it('does in TypeScript what it says', async () => {
    const program = join(folder, 'quick-start.ts')
    writeFileSync(program, blocks('ts').join('\n'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'esnext', '--types', 'node']
    await run(process.execPath, [TSC, ...strict, program], { cwd: folder })
    const { stdout } = await run(process.execPath, [program], { cwd: folder, env: { ...process.env, ...env } })
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^Kept until \d{4}-/),
      expect.stringMatching(/^Booked Advice at \d{4}-/),
      expect.stringMatching(/^Taken\. Free are \d{4}-.*, \d{4}-/),
      expect.stringMatching(/^\d{4}-\S+ Advice cancelled$/),
    ])
  })

  it('does in curl what it says', async () => {
    const date = (inDays: number) => new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10)
    const known: Record<string, string> = { FROM: date(1), TO: date(14) }
    const curl = async (code: string) => {
      const { stdout } = await run('bash', ['-euc', code.replace('curl ', 'curl --silent ')], {
        env: { ...process.env, ...env, ...known },
      })
      const { status, data } = JSON.parse(stdout)
      expect([code, status]).toEqual([code, 'success'])
      return data
    }
    const [make, find, keep, book, move, cancel, list, ...more] = blocks('bash') as [
      ...[string, string, string, string, string, string, string],
    ]
    expect(more).toEqual([])
    known.EVENT_TYPE = (await curl(make)).id
    const [first, second] = Object.values<{ start: string }[]>(await curl(find)).flat()
    Object.assign(known, { START: first?.start, LATER: second?.start })
    known.RESERVATION = (await curl(keep)).reservationUid
    known.BOOKING = (await curl(book)).uid
    expect((await curl(book)).uid).toBe(known.BOOKING)
    const moved = await curl(move)
    expect([moved.uid, Date.parse(moved.start)]).toEqual([known.BOOKING, Date.parse(known.LATER ?? '')])
    expect((await curl(cancel)).status).toBe('cancelled')
    expect((await curl(list)).map(({ uid }: { uid: string }) => uid)).toContain(known.BOOKING)
  })
})
