import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { isAppError } from '#platform/errors.ts'
import { formatMessage } from '#platform/i18n/format.ts'
import { messagesOf } from '#platform/i18n/messages.ts'

/** One command of the command line. Standard output is for its result, standard error for everything said along the way. */
export interface Command {
  /** As typed, such as `user create`. */
  name: string
  /** One line for the list of commands. */
  summary: string
  /** Arguments and options, and what it does, for `--help`. */
  help: string
  /** @returns the exit code */
  run: (args: string[]) => Promise<number>
}

/** The command line was not understood; the message says what to type. */
export class UsageError extends Error {}

/** Options and arguments of a command. Unknown options and superfluous arguments are refused. */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  args: string[],
  options: T,
  positionals: readonly string[] = [],
) {
  const parsed = parsedOrRefused(args, options)
  const missing = positionals[parsed.positionals.length]
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`)
  const superfluous = parsed.positionals[positionals.length]
  if (superfluous !== undefined) throw new UsageError(`"${superfluous}" was not expected.`)
  return parsed
}

function parsedOrRefused<const T extends ParseArgsOptionsConfig>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    throw new UsageError(message.split('. To specify')[0] ?? message)
  }
}

/** The sentences of a refusal, one per field, as the pages say them; null when the error is not one. */
export function refusalText(error: unknown): string | null {
  if (!isAppError(error)) return null
  const texts = messagesOf('en', ['errors'])
  const sentence = (code: string, values: object) =>
    formatMessage(texts[`errors.${code}`] ?? code, 'en', values as Record<string, string | number>)
  const fields = (error.details.fields ?? []) as { path: string; code: string; values?: object }[]
  if (fields.length === 0) return sentence(error.code, error.details)
  return fields.map(({ path, code, values = {} }) => `--${path}: ${sentence(code, values)}`).join('\n')
}
