import { text as readText } from 'node:stream/consumers'
import { setPassword } from '#features/accounts/password-reset/commands.ts'
import { uuidv7 } from '#platform/crypto.ts'
import { boot, systemContext } from '../runtime.ts'
import { configAndLog } from './process.ts'
import { type Command, readArguments, UsageError } from './usage.ts'

export const userPassword: Command = {
  name: 'user password',
  summary: 'give an account a new password',
  help: `npm run --silent sundial -- user password USERNAME --password PASSWORD [--without-second-step]

For who has forgotten it and cannot be sent a mail. Every device is signed out, and links that were mailed end.

  USERNAME               whose account it is
  --password             at least 10 characters; - reads it from standard input, where other users of this machine don't see it
  --without-second-step  also sign in without the code of an app from now on, for who has lost it`,
  async run(args) {
    const { values, positionals } = readArguments(
      args,
      {
        password: { type: 'string' },
        'without-second-step': { type: 'boolean', default: false },
      },
      ['USERNAME'],
    )
    if (values.password === undefined) throw new UsageError('--password missing.')
    const password = values.password === '-' ? (await readText(process.stdin)).replace(/\r?\n$/, '') : values.password
    const username = (positionals[0] ?? '').trim().toLowerCase()
    const { config, log } = configAndLog()
    const runtime = await boot(config, { log, progress: () => {}, worker: false })
    try {
      const ctx = systemContext(runtime.services, `cli:${uuidv7()}`, 'command_line')
      await setPassword(ctx, { username, password, withoutSecondFactor: values['without-second-step'] })
      process.stderr.write(`${username} has a new password and is signed out everywhere.\n`)
      return 0
    } finally {
      await runtime.stop()
    }
  },
}
