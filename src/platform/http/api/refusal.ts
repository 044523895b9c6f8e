import { z } from 'zod'
import { AppError, type FieldProblem, isAppError } from '../../errors.ts'
import { type MessageKey, messagesOf, translatorFor } from '../../i18n/messages.ts'
import { isoInstant } from './fields.ts'

/** What every refusal looks like, whatever its status. */
export const refusal = z
  .object({
    status: z.literal('error'),
    timestamp: z.string().meta({ format: 'date-time' }),
    path: z.string(),
    message: z.string(),
    error: z.object({
      code: z.string().meta({ description: 'Stays the same, whatever becomes of the message.' }),
      message: z.string(),
      details: z
        .record(z.string(), z.unknown())
        .meta({ description: 'Of a bad request: `fields`, each with `path`, `code` and `message`.' }),
    }),
  })
  .meta({ id: 'Refusal' })

export type Refusal = z.output<typeof refusal>

const translate = translatorFor('en')
const sentences = messagesOf('en', ['errors'])

export function refusalOf({ code, details }: Pick<AppError, 'code' | 'details'>, path: string, now: string): Refusal {
  const message = sentence(code, details)
  const { fields } = details as { fields?: FieldProblem[] }
  const shown = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, presentedDetail(name, value)]))
  return {
    status: 'error',
    timestamp: now,
    path,
    message,
    error: { code, message, details: fields ? { ...shown, fields: fields.map(presented) } : shown },
  }
}

/** Details that are times, which code counts in epoch milliseconds. */
const LISTS_OF_INSTANTS = new Set(['alternatives', 'starts'])

function presentedDetail(name: string, value: unknown): unknown {
  if (!LISTS_OF_INSTANTS.has(name) || !Array.isArray(value)) return value
  return value.map((one) => (typeof one === 'number' ? isoInstant(one) : one))
}

function presented({ path, code, message, values }: FieldProblem) {
  return { path, code, message: `errors.${code}` in sentences ? sentence(code, values ?? {}) : message }
}

function sentence(code: string, details: Record<string, unknown>): string {
  const values = Object.entries(details).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  return `errors.${code}` in sentences ? translate(`errors.${code}` as MessageKey, Object.fromEntries(values)) : code
}

/** Work of a command that calls its fields otherwise than the API does: problems name them as the client wrote them. */
export async function inWireNames<T>(names: Readonly<Record<string, string>>, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isAppError(error) || !Array.isArray(error.details.fields)) throw error
    const { code, kind, details } = error
    const fields = (details.fields as FieldProblem[]).map((field) => ({ ...field, path: inWords(field.path, names) }))
    throw new AppError(code, kind, { ...details, fields }, error.cause)
  }
}

/** The longest known beginning of a path, replaced. */
function inWords(path: string, names: Readonly<Record<string, string>>): string {
  const parts = path.split('.')
  for (let length = parts.length; length > 0; length--) {
    const name = names[parts.slice(0, length).join('.')]
    if (name !== undefined) return [name, ...parts.slice(length)].join('.')
  }
  return path
}
