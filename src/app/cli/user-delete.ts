import { deleteAccount } from '#features/privacy/account-deletion/commands.ts'
import { uuidv7 } from '#platform/crypto.ts'
import { boot, systemContext } from '../runtime.ts'
import { configAndLog } from './process.ts'
import { type Command, readArguments, UsageError } from './usage.ts'

export const userDelete: Command = {
  name: 'user delete',
  summary: 'delete an account with everything in it',
  help: `npm run --silent sundial -- user delete --username NAME --yes [--reason TEXT]

Closes an account at once: nobody signs in any more, its pages are gone, and bookings still to come are called off. The running
instance mails those concerned and then deletes the account with all of its bookings, a day later at the latest. Nothing brings
it back but a backup.

  --username    whose account it is
  --reason      why, for those whose bookings are called off; needed when there are some
  --yes         that is really meant`,
  async run(args) {
    const { values } = readArguments(args, {
      username: { type: 'string' },
      reason: { type: 'string', default: '' },
      yes: { type: 'boolean', default: false },
    })
    if (values.username === undefined) throw new UsageError('--username missing.')
    if (!values.yes) throw new UsageError('Nothing brings the account back. Say --yes if that is meant.')
    const username = values.username.trim().toLowerCase()
    const { config, log } = configAndLog()
    const runtime = await boot(config, { log, progress: () => {}, worker: false })
    try {
      const ctx = systemContext(runtime.services, `cli:${uuidv7()}`, 'command_line')
      await deleteAccount(ctx, { username, reason: values.reason.trim() })
      process.stderr.write(`Closed the account of ${username}. It is deleted when those concerned have been told.\n`)
      return 0
    } finally {
      await runtime.stop()
    }
  },
}
