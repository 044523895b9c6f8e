import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { accountByApiKey } from '#features/accounts/api-keys/queries.ts'
import { systemClock } from '#platform/clock.ts'
import { verifyPassword } from '#platform/crypto.ts'
import { emptyDatabase, type TestDatabase, testDatabase } from '#test/database.ts'
import { startMailServer } from '#test/mail-server.ts'
import { freePort } from '#test/processes.ts'

// Each test starts processes, and waits for them as long as a busy machine takes.
vi.setConfig({ testTimeout: 120_000 })

const ROOT = join(import.meta.dirname, '..', '..')
const PASSWORD = 'quiet otter 42'

let database: TestDatabase
let dataDir: string
beforeAll(async () => {
  database = await testDatabase()
  dataDir = mkdtempSync(join(tmpdir(), 'sundial-cli-'))
})
afterAll(async () => {
  rmSync(dataDir, { recursive: true })
  await database.drop()
})
beforeEach(() => database.db.deleteFrom('users').execute())

interface Ended {
  code: number | null
  out: string
  err: string
}

/** The command line as a process of its own, on this file's database unless `env` says otherwise. */
async function sundial(args: string[], env: Record<string, string> = {}, input = ''): Promise<Ended> {
  const child = spawn(process.execPath, ['src/app/cli.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, SUNDIAL_DATA_DIR: dataDir, DATABASE_URL: database.url, ...env },
  })
  child.stdin.end(input)
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, out, err }
}

const person = (name: string, more: string[] = []) => [
  ...['user', 'create', '--email', `${name}@example.org`, '--username', name],
  ...['--name', 'Ada Lovelace', '--password', PASSWORD, '--time-zone', 'Europe/Berlin', ...more],
]
const users = () => database.db.selectFrom('users').selectAll().orderBy('id').execute()

describe('the command line', () => {
  it('lists its commands and explains each', async () => {
    const help = await sundial(['--help'])
    expect(help).toMatchObject({ code: 0, err: '' })
    const names = ['user create', 'user delete', 'user password', 'doctor', 'backup', 'restore', 'migrate']
    for (const name of names) expect(help.out).toContain(name)
    const each = await Promise.all(names.map((name) => sundial([...name.split(' '), '--help'])))
    for (const { code, out, err } of each) expect([code, out.length > 50, err]).toEqual([0, true, ''])
  })

  it('says what it does not understand, and does nothing', async () => {
    const cases: [string[], string][] = [
      [[], 'user create'],
      [['frobnicate'], 'There is no command "frobnicate"'],
      [['user', 'rename'], 'There is no command "user rename"'],
      [['user', 'delete'], '--username missing'],
      [['user', 'password', '--password', 'x'], 'USERNAME is missing'],
      [['user', 'password', 'ada'], '--password missing'],
      [['migrate', '--force'], "Unknown option '--force'"],
      [['migrate', 'now'], '"now" was not expected'],
      [['backup'], 'FILE is missing'],
      [['user', 'create', '--email', 'ada@example.org'], '--username, --name, --password missing'],
      [['user', 'create', '--email'], 'argument missing'],
      [person('ada', ['--role', 'owner']), "Unknown option '--role'"],
      [person('ada', ['--time-zone', 'Mars']), '"Mars" is no time zone'],
    ]
    const ends = await Promise.all(cases.map(([args]) => sundial(args)))
    for (const [i, { code, out, err }] of ends.entries()) {
      expect([code, out + err]).toEqual([2, expect.stringContaining(cases[i]?.[1] ?? '')])
    }
    expect(await users()).toEqual([])
  })

  it('says every problem of the settings', async () => {
    const { code, err } = await sundial(person('ada'), { PORT: 'abc', SUNDIAL_SECRET: 'changeme' })
    expect(code).toBe(1)
    expect(err).toContain('PORT is "abc"')
    expect(err).toContain('SUNDIAL_SECRET is a well-known example')
    expect(err).not.toContain('    at ')
  })
})

describe('user delete', () => {
  it('closes an account for good, when that is said', async () => {
    await sundial(person('ada'))
    await sundial(person('bob'))
    const [unsaid, nobody, owner] = await Promise.all([
      sundial(['user', 'delete', '--username', 'bob']),
      sundial(['user', 'delete', '--username', 'eve', '--yes']),
      sundial(['user', 'delete', '--username', 'ada', '--yes']),
    ])
    expect([unsaid.code, unsaid.err]).toEqual([2, expect.stringContaining('--yes')])
    expect([nobody.code, nobody.err]).toEqual([1, 'There is no such account.\n'])
    expect([owner.code, owner.err]).toEqual([1, expect.stringContaining('only owner')])
    expect(await sundial(['user', 'delete', '--username', 'Bob', '--yes'])).toMatchObject({ code: 0, out: '' })
    const [ada, bob] = await users()
    expect([ada?.username, bob?.password_hash]).toEqual(['ada', null])
    expect(bob?.username).not.toBe('bob')
    const leaving = await database.db.selectFrom('account_deletions').select('user_id').execute()
    expect(leaving).toEqual([{ user_id: bob?.id }])
    const again = await sundial(person('bob'))
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/^--(email|username): /)])
  })
})

describe('history forget', () => {
  it('forgets what is from before a day, and says so in the log', async () => {
    await sundial(person('ada'))
    const [ada] = await users()
    const own = sql.lit(ada?.id ?? 0)
    const names = async () =>
      (await sql<{ name: string }>`select name from events where owner_id = ${own} order by name`.execute(database.db))
        .rows
    expect(await names()).toEqual([{ name: 'account.created' }, { name: 'schedule.created' }])
    const wrong = await sundial(['history', 'forget', '--before', 'yesterday'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--before wants a day')])
    const none = await sundial(['history', 'forget', '--before', '2001-01-01'])
    expect(none).toEqual({ code: 0, out: '', err: 'Forgot 0 entries from before 2001-01-01.\n' })
    await sql`alter table events disable trigger events_stay`.execute(database.db)
    await sql`update events set occurred_at = '2000-12-31T23:59:59Z' where owner_id = ${own} and name = 'schedule.created'`.execute(
      database.db,
    )
    await sql`alter table events enable trigger events_stay`.execute(database.db)
    const forgot = await sundial(['history', 'forget', '--before', '2001-01-01'])
    expect(forgot).toEqual({ code: 0, out: '', err: 'Forgot 1 entries from before 2001-01-01.\n' })
    expect(await names()).toEqual([{ name: 'account.created' }])
    const said = await database.db
      .selectFrom('events')
      .select('actor')
      .where('name', '=', 'history.forgotten')
      .execute()
    expect(said).toEqual([{ actor: { kind: 'system', via: 'command_line' } }])
  })
})

describe('user password', () => {
  it('sets another one, from standard input, and says what is wrong with one', async () => {
    await sundial(person('ada'))
    const { code, err } = await sundial(['user', 'password', 'ada', '--password', '-'], {}, 'another otter 43\n')
    expect([code, err]).toEqual([0, 'ada has a new password and is signed out everywhere.\n'])
    const [ada] = await users()
    expect(await verifyPassword('another otter 43', ada?.password_hash ?? null)).toBe(true)
    expect(await sundial(['user', 'password', 'ada', '--password', 'short'])).toMatchObject({ code: 1 })
    const unknown = await sundial(['user', 'password', 'bea', '--password', 'another otter 43'])
    expect(unknown).toMatchObject({ code: 1, err: 'There is no such account.\n' })
  })
})

describe('user create', () => {
  it('prints the key alone, and makes the owner first', async () => {
    const { code, out, err } = await sundial(person('ada', ['--api-key']))
    expect(code).toBe(0)
    expect(out).toMatch(/^sun_[\w-]{43}\n$/)
    expect(err).toMatch(/^Made account \d+ \(owner\): http:\/\/localhost:3000\/ada\n$/)
    const [ada] = await users()
    expect(ada).toMatchObject({ role: 'owner', time_zone: 'Europe/Berlin', default_schedule_id: expect.any(Number) })
    expect(await verifyPassword(PASSWORD, ada?.password_hash ?? null)).toBe(true)
    const found = await accountByApiKey({ db: database.db, clock: systemClock }, out.trim())
    expect(found?.account.id).toBe(ada?.id)
  })

  it('makes members and admins after that, silent on standard output', async () => {
    await sundial(person('ada'))
    expect(await sundial(person('bea'))).toMatchObject({ code: 0, out: '' })
    expect(await sundial(person('cleo', ['--admin']))).toMatchObject({ code: 0, out: '' })
    expect((await users()).map((user) => user.role)).toEqual(['owner', 'member', 'admin'])
  })

  it('reads the password from standard input', async () => {
    const { code } = await sundial(person('ada', ['--password', '-']), {}, 'another otter 43\n')
    expect(code).toBe(0)
    expect(await verifyPassword('another otter 43', (await users())[0]?.password_hash ?? null)).toBe(true)
  })

  it('says what is wrong with each option, and makes nothing', async () => {
    await sundial(person('ada'))
    const refused = async (more: string[], message: string) => {
      const { code, out, err } = await sundial(person('bea', more))
      expect([code, out]).toEqual([1, ''])
      expect(err).toContain(message)
      expect(err).not.toContain('    at ')
    }
    await refused(['--email', 'ADA@example.org'], '--email: There is an account with this mail address already.')
    await refused(['--username', 'Settings'], '--username: This username is kept')
    await refused(['--password', 'short'], '--password: At least 10 characters')
    await refused(['--name', 'Ada\r\nBcc: eve@example.org'], '--name: This has characters')
    expect(await users()).toHaveLength(1)
  })
})

// Each of them starts one process after the other.
describe('backup, restore and migrate', () => {
  it('move everything into another database', async () => {
    const file = join(dataDir, 'backup.zst')
    await sundial(person('ada'))
    expect(await sundial(['backup', file])).toMatchObject({ code: 0, out: '' })
    const other = await emptyDatabase()
    try {
      const env = { DATABASE_URL: other.url }
      expect((await sundial(['restore', file], env)).err).toMatch(/^Restored \d+ rows/)
      expect(await sundial(['migrate'], env)).toMatchObject({ code: 0, err: 'The schema is up to date.\n' })
      const again = await sundial(['restore', file], env)
      expect([again.code, again.err]).toEqual([1, expect.stringContaining('--replace')])
      expect(await sundial(['restore', file, '--replace'], env)).toMatchObject({ code: 0 })
    } finally {
      await other.drop()
    }
  })

  it('say why they cannot', async () => {
    for (const name of ['backup', 'restore']) {
      const { code, err } = await sundial([name, '/nowhere/at/all/backup.zst'])
      expect([code, err]).toEqual([1, expect.stringContaining('no such file or directory')])
      expect(err).not.toContain('    at ')
    }
  })
})

describe('doctor', () => {
  let page: Server
  let date: string | null = null
  let url: string
  beforeAll(async () => {
    page = createServer((_, res) => {
      if (date !== null) res.setHeader('date', date)
      res.end('ready\n')
    })
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`
  })
  afterAll(() => page.close())

  it('finds nothing wrong with an instance that is well, and sends a mail to show it', async () => {
    date = null
    const mail = await startMailServer()
    try {
      const env = { SUNDIAL_URL: url, SUNDIAL_SMTP_URL: `smtp://127.0.0.1:${mail.port}` }
      const { code, out } = await sundial(['doctor', '--to', 'ops@example.org'], env)
      const problems = out.split('\n').filter((line) => line.startsWith('problem'))
      // The database of the tests gives up durability for speed, and doctor sees it.
      expect(problems).toEqual([expect.stringMatching(/^problem {2}durability +fsync, full_page_writes off$/)])
      expect(code).toBe(1)
      expect(out).toContain(`took a mail to ops@example.org`)
      expect(mail.mails.map((one) => one.envelope.to)).toEqual([['ops@example.org']])
    } finally {
      await mail.close()
    }
  })

  it('sees a wrong clock, an open key and a mail server that is not there', async () => {
    date = 'Mon, 23 Nov 2020 08:00:00 GMT'
    const key = join(dataDir, 'secret.key')
    chmodSync(key, 0o644)
    const { code, out } = await sundial(['doctor'], { SUNDIAL_URL: url, SUNDIAL_SMTP_URL: 'smtp://127.0.0.1:1' })
    chmodSync(key, 0o600)
    expect(code).toBe(1)
    expect(out).toMatch(/problem {2}key .*\n +fix: chmod 600/)
    expect(out).toMatch(/problem {2}clock .* behind this machine/)
    expect(out).toMatch(/problem {2}mail .*127\.0\.0\.1:1 did not take.*\n +fix: Check host and port/)
  })

  it('sees an address where nobody is, a schema that is old and mail that is not configured', async () => {
    const other = await emptyDatabase()
    const nobody = `http://127.0.0.1:${await freePort()}`
    try {
      const { out } = await sundial(['doctor'], { SUNDIAL_URL: nobody, DATABASE_URL: other.url })
      expect(out).toMatch(/problem {2}address .*does not answer: connect ECONNREFUSED/)
      expect(out).toMatch(/problem {2}schema .*Run: npm run sundial -- migrate/)
      expect(out).toMatch(/problem {2}mail .*no outgoing mail server is configured/)
    } finally {
      await other.drop()
    }
  })

  it('says when there is no database, and when settings are wrong', async () => {
    const { code, out } = await sundial(['doctor'], { SUNDIAL_URL: url, DATABASE_URL: 'postgresql://127.0.0.1:1/x' })
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/problem {2}database .*ECONNREFUSED.*\n +fix: Check DATABASE_URL/),
    ])
    expect((await sundial(['doctor'], { PORT: 'abc' })).out).toMatch(/^problem {2}settings .*PORT is "abc"/)
  })
})

it('starts the embedded database when nothing runs, and stops it again', async () => {
  const own = mkdtempSync(join(tmpdir(), 'sundial-cli-'))
  chmodSync(own, 0o755)
  try {
    const env = { SUNDIAL_DATA_DIR: own, DATABASE_URL: '' }
    expect(await sundial(person('ada'), env)).toMatchObject({ code: 0 })
    expect(existsSync(join(own, 'postgres', 'cluster', 'PG_VERSION'))).toBe(true)
    expect(existsSync(join(own, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false)
    const again = await sundial(person('ada'), env)
    expect(again.err).toContain('--email: There is an account')
  } finally {
    rmSync(own, { recursive: true })
  }
})
