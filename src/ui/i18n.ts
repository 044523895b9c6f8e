import { getContext, setContext } from 'svelte'
import { formatMessage, type MessageValues } from '#platform/i18n/format.ts'

/**
 * The keys that exist. The application fills this in (src/app.d.ts), so that a key without a message does not compile although
 * components know nothing of the catalogues.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is merged with the declaration in src/app.d.ts.
export interface MessageKeys {}

type Key = keyof MessageKeys extends never ? string : keyof MessageKeys & string

/** Text of a key in the language of the page, with its values filled in. */
export type Translate = (key: Key, values?: MessageValues) => string

interface Messages {
  readonly locale: string
  readonly texts: Record<string, string>
}

const CONTEXT = 'messages'

/**
 * Gives the components below this one their texts. Call it once in a layout, with a function so that a change of language arrives:
 * `provideMessages(() => ({ locale: data.locale, texts: data.texts }))`.
 */
export function provideMessages(messages: () => Messages): void {
  setContext(CONTEXT, messages)
}

function messages(): () => Messages {
  const provided = getContext<(() => Messages) | undefined>(CONTEXT)
  if (!provided) throw new Error('No layout above this component calls provideMessages()')
  return provided
}

/** @throws when no component above called `provideMessages`. */
export function useTranslate(): Translate {
  const current = messages()
  return (key, values) => {
    const { locale, texts } = current()
    return formatMessage(texts[key] ?? key, locale, values)
  }
}

/** The language of the page, for Intl. */
export function useLocale(): () => string {
  const current = messages()
  return () => current().locale
}

/** An expected failure as pages get it: `form` of a refused action has this shape. */
export interface Problem {
  code: string
  details?: Record<string, unknown>
}

/**
 * The sentence for the code of an expected failure (`errors.<code>`), filled with its details; a general one for codes without a
 * sentence.
 */
export function useProblemText(): (problem: Problem) => string {
  const current = messages()
  return ({ code, details = {} }) => sentence(current(), code, details)
}

/**
 * What is wrong with one field of a refused form, as a sentence, by the path that the schema gives it (`email`, `ranges.0.start`);
 * undefined when nothing is.
 */
export function useFieldProblem(): (problem: Problem | null | undefined, path: string) => string | undefined {
  const current = messages()
  return (problem, path) => {
    const fields = problem?.details?.fields
    if (!Array.isArray(fields)) return undefined
    const field = (fields as { path: string; code: string; values?: Record<string, unknown> }[]).find(
      (one) => one.path === path,
    )
    return field && sentence(current(), field.code, field.values ?? {})
  }
}

function sentence({ locale, texts }: Messages, code: string, details: Record<string, unknown>): string {
  const text = texts[`errors.${code}`] ?? texts['errors.unexpected'] ?? code
  const values = Object.entries(details).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  return formatMessage(text, locale, Object.fromEntries(values))
}
