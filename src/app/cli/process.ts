import { type Config, loadConfig } from '#platform/config.ts'
import { createLog, type Log } from '#platform/log.ts'

/**
 * What every command needs first. Commands speak for themselves: of the log only what went wrong is shown.
 * @throws ConfigError
 */
export function configAndLog(): { config: Config; log: Log } {
  return { config: loadConfig(), log: createLog('warn') }
}
