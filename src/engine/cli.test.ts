import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'slots-'))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const scenario = {
  id: 'night',
  now: '2026-03-01T00:00:00Z',
  range: { start: '2026-03-28T00:00:00Z', end: '2026-03-30T00:00:00Z' },
  event: { schedulingType: 'single', durationMin: 60 },
  hosts: [{ id: 'a', timeZone: 'Europe/Berlin', weekly: [{ days: [0, 6], start: '01:00', end: '04:00' }] }],
}
const answer =
  '{"id":"night","starts":["2026-03-28T00:00:00.000Z","2026-03-28T01:00:00.000Z","2026-03-28T02:00:00.000Z","2026-03-29T00:00:00.000Z","2026-03-29T01:00:00.000Z"]}'

test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'])(
  'one line per scenario, the same in a process in %s',
  (TZ) => {
    const path = file('good.json', JSON.stringify({ scenarios: [scenario, { id: 7 }] }))
    const out = execFileSync(process.execPath, [CLI, path], { encoding: 'utf8', env: { ...process.env, TZ } })
    expect(out.split('\n')).toEqual([answer, '{"id":7,"error":"range: is missing"}', ''])
  },
)

test.each([
  ['no file named', []],
  ['a file that is not there', [join(folder, 'nowhere.json')]],
  ['a file that is not JSON', [file('broken.json', '{')]],
  ['a file without scenarios', [file('empty.json', '{"scenarios":5}')]],
])('%s: a message and exit code 2', (_, args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr.split('\n')).toHaveLength(2)
})
