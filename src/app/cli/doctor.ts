import { type Config, ConfigError } from '#platform/config.ts'
import type { Log } from '#platform/log.ts'
import { databaseFindings } from './doctor/database.ts'
import { filesFindings } from './doctor/files.ts'
import type { Finding } from './doctor/finding.ts'
import { mailFindings } from './doctor/mail.ts'
import { urlFindings } from './doctor/url.ts'
import { configAndLog } from './process.ts'
import { type Command, readArguments } from './usage.ts'

export const doctor: Command = {
  name: 'doctor',
  summary: 'check keys, files, address, clocks, database and mail, and say how to mend what is wrong',
  help: `npm run --silent sundial -- doctor [--to MAIL]

Prints one line per check, "ok" or "problem" with its fix, and ends with 1 if there was a problem. Run it on the
machine and with the settings of the server. It sends a real mail and changes nothing else.

  --to   who gets the mail (default: the address that mails come from)`,
  async run(args) {
    const { values } = readArguments(args, { to: { type: 'string' } })
    const settings = settingsOrFindings()
    if ('findings' in settings) return report(settings.findings) ? 0 : 1
    const { config, log } = settings
    const checks = [
      filesFindings(config),
      databaseFindings(config, log),
      urlFindings(config),
      mailFindings(config, log, values.to ?? config.mailFrom.address),
    ]
    let sound = true
    // They look at once and speak in turn.
    for (const check of checks) sound = report(await check) && sound
    return sound ? 0 : 1
  },
}

function settingsOrFindings(): { config: Config; log: Log } | { findings: Finding[] } {
  try {
    return configAndLog()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { findings: error.problems.map((text) => ({ subject: 'settings', ok: false, text })) }
  }
}

/** @returns whether all was well */
function report(findings: readonly Finding[]): boolean {
  for (const { ok, subject, text, fix } of findings) {
    process.stdout.write(`${ok ? 'ok     ' : 'problem'}  ${subject.padEnd(14)} ${text}\n`)
    if (fix) process.stdout.write(`${' '.repeat(24)}fix: ${fix}\n`)
  }
  return findings.every((finding) => finding.ok)
}
