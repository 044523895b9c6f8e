import { ConfigError } from '#platform/config.ts'
import { BackupError } from '#platform/db/backup/frames.ts'
import { EmbeddedError } from '#platform/db/embedded/error.ts'
import { SchemaError } from '#platform/db/migrate.ts'
import { backupCommand, migrateCommand, restoreCommand } from './cli/database.ts'
import { doctor } from './cli/doctor.ts'
import { historyForget } from './cli/history-forget.ts'
import { mcp } from './cli/mcp.ts'
import { type Command, refusalText, UsageError } from './cli/usage.ts'
import { userCreate } from './cli/user-create.ts'
import { userDelete } from './cli/user-delete.ts'
import { userPassword } from './cli/user-password.ts'

const COMMANDS: readonly Command[] = [
  userCreate,
  userDelete,
  userPassword,
  doctor,
  backupCommand,
  restoreCommand,
  migrateCommand,
  historyForget,
  mcp,
]
const HELP = new Set(['--help', '-h', 'help'])

/** Not understood, as shells and scripts expect it. */
const USAGE_EXIT = 2

const OVERVIEW = `npm run --silent sundial -- COMMAND

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(15)} ${summary}`).join('\n')}

COMMAND --help says more. Commands work while Sundial runs and when it does not, and read the same settings.`

async function main(args: string[]): Promise<number> {
  if (args.length === 0 || HELP.has(args[0] ?? '')) {
    process.stdout.write(`${OVERVIEW}\n`)
    return args.length === 0 ? USAGE_EXIT : 0
  }
  const command = COMMANDS.find(({ name }) => name === args.slice(0, name.split(' ').length).join(' '))
  if (!command) {
    process.stderr.write(`There is no command "${args.slice(0, 2).join(' ')}".\n\n${OVERVIEW}\n`)
    return USAGE_EXIT
  }
  const rest = args.slice(command.name.split(' ').length)
  if (rest.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(`${command.help}\n`)
    return 0
  }
  try {
    return await command.run(rest)
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${command.help}\n`)
      return USAGE_EXIT
    }
    process.stderr.write(`${explained(error) ?? (error instanceof Error ? error.stack : String(error))}\n`)
    return 1
  }
}

/** The message of a failure that somebody can do something about; a stack for anything else. */
function explained(error: unknown): string | null {
  const speaksForItself = [ConfigError, SchemaError, EmbeddedError, BackupError].some((kind) => error instanceof kind)
  if (speaksForItself) return (error as Error).message
  const { code, message, path } = error as NodeJS.ErrnoException
  if (path !== undefined && code !== undefined) return message
  return refusalText(error)
}

process.exitCode = await main(process.argv.slice(2))
