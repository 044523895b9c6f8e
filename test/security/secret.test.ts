import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '#platform/config.ts'

/** Everything that is signed or encrypted hangs on it: a secret that is none stops the start. */
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sundial-secret-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = (SUNDIAL_SECRET?: string) => loadConfig({ SUNDIAL_DATA_DIR: folder, SUNDIAL_SECRET })
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 37) % 256))

describe('the secret of an instance', () => {
  it.each([
    ['a placeholder', 'changeme'],
    ['a placeholder in capitals', 'CHANGE-ME'],
    ['words', 'correct horse battery staple'],
    ['too short', bytes(16).toString('base64')],
    ['a byte too short', bytes(31).toString('base64')],
    ['a byte too long', bytes(33).toString('base64')],
    ['twice as long', bytes(64).toString('hex')],
    ['zeros', Buffer.alloc(32).toString('base64')],
    ['one letter, again and again', 'a'.repeat(64)],
    ['few letters, again and again', 'abcd'.repeat(11)],
  ])('is not %s', (_, given) => {
    expect(() => load(given)).toThrow(ConfigError)
    expect(() => load(given)).toThrow(/SUNDIAL_SECRET .*openssl rand -base64 32/)
  })

  it('is not told by the refusal', () => {
    const given = bytes(31).toString('base64')
    expect(() => load(given)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(given) }))
  })

  it.each(['base64', 'hex'] as const)('is 32 bytes in %s', (encoding) => {
    expect(load(bytes(32).toString(encoding)).secret).toEqual(bytes(32))
  })

  it('is made where none is given, kept for its owner alone, and stays', () => {
    const { secret } = load()
    expect([secret.length, new Set(secret).size > 8]).toEqual([32, true])
    expect(statSync(join(folder, 'secret.key')).mode & 0o077).toBe(0)
    expect(load().secret).toEqual(secret)
  })

  it('is not made anew in the place of a broken one', () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'secret.key'), 'broken\n')
    expect(() => load()).toThrow(/Restore it from your backup/)
  })
})
