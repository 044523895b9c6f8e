import type pg from 'pg'
import { type BackupSummary, backupToFile, restoreFromFile } from '#platform/db/backup.ts'
import { migrate } from '#platform/db/migrate.ts'
import { locateDatabase } from '../runtime.ts'
import { configAndLog } from './process.ts'
import { type Command, readArguments } from './usage.ts'

export const backupCommand: Command = {
  name: 'backup',
  summary: 'write everything the database knows into a file',
  help: `npm run --silent sundial -- backup FILE

Writes the state of one moment, while Sundial goes on working. Keep the secret key of the instance
(data/secret.key, or what SUNDIAL_SECRET says) with it.`,
  async run(args) {
    const { positionals } = readArguments(args, {}, ['FILE'])
    const [file = ''] = positionals
    const summary = await onDatabase((server) => backupToFile(server, file))
    process.stderr.write(`Backed up ${counted(summary)} to ${file}\n`)
    return 0
  },
}

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'read such a file into an empty database',
  help: `npm run --silent sundial -- restore FILE [--replace]

Stop Sundial first. All or nothing: if it fails, the database is as it was.

  --replace   empty the database that is there first`,
  async run(args) {
    const { positionals, values } = readArguments(args, { replace: { type: 'boolean', default: false } }, ['FILE'])
    const [file = ''] = positionals
    const summary = await onDatabase((server) => restoreFromFile(server, file, { replace: values.replace }))
    process.stderr.write(`Restored ${counted(summary)} from ${file}\n`)
    return 0
  },
}

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the schema of the database to this version',
  help: `npm run --silent sundial -- migrate

Every start does this by itself, unless SKIP_DB_MIGRATIONS is set. Forward only, one process at a time.`,
  async run(args) {
    readArguments(args, {})
    const applied = await onDatabase((server) => migrate(server))
    process.stderr.write(applied.length === 0 ? 'The schema is up to date.\n' : `Applied ${applied.join(', ')}\n`)
    return 0
  },
}

/** On the database of the instance, which is started for the time if it does not run. */
async function onDatabase<T>(work: (server: pg.PoolConfig) => Promise<T>): Promise<T> {
  const { config, log } = configAndLog()
  const { directServer, stop } = await locateDatabase(config, log)
  try {
    return await work(directServer)
  } finally {
    await stop()
  }
}

function counted({ rows, tables }: BackupSummary): string {
  return `${rows} rows of ${Object.keys(tables).length} tables`
}
