import { text as readText } from 'node:stream/consumers'
import { issueApiKey } from '#features/accounts/api-keys/commands.ts'
import { uuidv7 } from '#platform/crypto.ts'
import { timeZoneName } from '#platform/fields.ts'
import { createUser } from '../onboarding.ts'
import { boot, systemContext } from '../runtime.ts'
import { configAndLog } from './process.ts'
import { type Command, readArguments, UsageError } from './usage.ts'

const REQUIRED = ['email', 'username', 'name', 'password'] as const

export const userCreate: Command = {
  name: 'user create',
  summary: 'make an account, and a key for it if asked',
  help: `npm run --silent sundial -- user create --email MAIL --username NAME --name "FULL NAME" --password PASSWORD
      [--admin] [--api-key] [--time-zone ZONE]

Makes an account with working hours from Monday to Friday. The first account of an instance owns it.

  --email       mail address to sign in with
  --username    first part of the public address: letters a to z, digits, dots, hyphens, underscores
  --name        name as people read it
  --password    at least 10 characters; - reads it from standard input, where other users of this machine don't see it
  --admin       may look after the instance
  --api-key     also make an API key, and print it alone on standard output
  --time-zone   IANA name such as Europe/Berlin (default: the zone of this machine)`,
  async run(args) {
    const { values } = readArguments(args, {
      email: { type: 'string' },
      username: { type: 'string' },
      name: { type: 'string' },
      password: { type: 'string' },
      'time-zone': { type: 'string' },
      admin: { type: 'boolean', default: false },
      'api-key': { type: 'boolean', default: false },
    })
    const missing = REQUIRED.filter((option) => values[option] === undefined)
    if (missing.length > 0) throw new UsageError(`${missing.map((option) => `--${option}`).join(', ')} missing.`)
    const password = values.password === '-' ? (await readText(process.stdin)).replace(/\r?\n$/, '') : values.password
    const timeZone = values['time-zone'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone
    if (!timeZoneName.safeParse(timeZone).success) throw new UsageError(`--time-zone: "${timeZone}" is no time zone.`)
    const { email, username, name } = values
    const { config, log } = configAndLog()
    const runtime = await boot(config, { log, progress: () => {}, worker: false })
    try {
      const ctx = systemContext(runtime.services, `cli:${uuidv7()}`, 'command_line')
      const person = { email, username, name, password, timeZone }
      const made = await createUser(ctx, person, values.admin ? 'admin' : 'member', async (tx, { id, role }) => ({
        ...{ id, role },
        key: values['api-key']
          ? await issueApiKey(tx, ctx, { userId: id, label: 'Command line', expires: 'never' })
          : null,
      }))
      const address = `${config.url.origin}/${String(username).trim().toLowerCase()}`
      process.stderr.write(`Made account ${made.id} (${made.role}): ${address}\n`)
      if (made.key !== null) process.stdout.write(`${made.key}\n`)
      return 0
    } finally {
      await runtime.stop()
    }
  },
}
