import { Temporal } from 'temporal-polyfill'
import { forgetHistory } from '#features/accounts/audit/commands.ts'
import { uuidv7 } from '#platform/crypto.ts'
import { calendarDate } from '#platform/fields.ts'
import { boot, systemContext } from '../runtime.ts'
import { configAndLog } from './process.ts'
import { type Command, readArguments, UsageError } from './usage.ts'

export const historyForget: Command = {
  name: 'history forget',
  summary: 'forget what happened before a day',
  help: `npm run --silent sundial -- history forget --before YYYY-MM-DD

Entries of the log stay for good, and nothing else deletes them. This forgets those from before the day, which begins in UTC, but for what
bookings that were not over by then, and mails that were not sent, still need. It cannot be taken back.`,
  async run(args) {
    const { values } = readArguments(args, { before: { type: 'string' } })
    const day = calendarDate.safeParse(values.before)
    if (!day.success) throw new UsageError('--before wants a day, such as 2024-01-31.')
    const { config, log } = configAndLog()
    const runtime = await boot(config, { log, progress: () => {}, worker: false })
    try {
      const ctx = systemContext(runtime.services, `cli:${uuidv7()}`, 'command_line')
      const before = Temporal.PlainDate.from(day.data).toZonedDateTime('UTC').toInstant()
      if (Temporal.Instant.compare(before, ctx.clock.now()) > 0) throw new UsageError('--before is a day to come.')
      process.stderr.write(`Forgot ${await forgetHistory(ctx, before)} entries from before ${day.data}.\n`)
      return 0
    } finally {
      await runtime.stop()
    }
  },
}
