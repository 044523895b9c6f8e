import { policyVersion } from '#features/bookings/answers/commands.ts'
import { checkAnswers } from '#features/bookings/answers/schema.ts'
import { type AskedQuestion, askedQuestion } from '#features/bookings/answers/types.ts'
import type { Upload } from '#features/bookings/files/types.ts'
import { renderMarkdown } from '#features/event-types/markdown.ts'
import { hasOptions, onlyChoice, type Question } from '#features/event-types/questions/types.ts'
import type { FormProblem } from '#platform/http/kit.ts'

/** Fields of the form that answer questions are named by their keys. */
const FIELD = 'answers.'
const LONGEST_PREFILL = 5000
const MOST_ENTRIES = 100
const LONGEST_FILE_NAME = 150

type Answers = Record<string, string[]>

/** The files among a form's answers. A field that was left empty sends a file without name and content. */
export async function filesInForm(form: FormData): Promise<Upload[]> {
  const fields = [...form].filter(
    (field): field is [string, File] => field[0].startsWith(FIELD) && field[1] instanceof File,
  )
  const sent = fields.filter(([, file]) => file.size > 0)
  return Promise.all(
    sent.map(async ([name, file]) => ({
      key: name.slice(FIELD.length),
      name: file.name.split(/[\\/]/).at(-1)?.slice(-LONGEST_FILE_NAME) || 'file',
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  )
}

/** The questions as the form shows them, and what was typed before or what the link brings along. */
export function questionsAsked(
  questions: readonly Question[],
  query: URLSearchParams,
  typed: FormProblem['values'] | undefined,
): { questions: AskedQuestion[]; answers: Answers } {
  const linked = Object.fromEntries(questions.map((question) => [question.key, linkedTo(question, query)]))
  const answers = typed
    ? Object.fromEntries(questions.map(({ key }) => [key, [typed[`${FIELD}${key}`] ?? []].flat()]))
    : linked
  return {
    questions: questions.map((question) =>
      askedQuestion(question, { isAnswered: isAnswer(question, linked[question.key] ?? []), policyOf }),
    ),
    answers,
  }
}

const policyOf = (text: string) => ({ html: renderMarkdown(text), version: policyVersion(text) })

const YES = new Set(['true', 'on', 'yes', '1'])

/** What a link answers: choices that are not on the list are left out. */
function linkedTo(question: Question, query: URLSearchParams): string[] {
  const { key, type, options } = question
  const only = onlyChoice(question)
  if (only !== null) return [only]
  if (type === 'policy' || type === 'file' || type === 'signature') return []
  const entries = query
    .getAll(key)
    .slice(0, MOST_ENTRIES)
    .map((text) => text.slice(0, LONGEST_PREFILL))
    .filter((text) => text !== '')
  if (type === 'boolean') return entries.some((text) => YES.has(text.toLowerCase())) ? ['true'] : []
  return hasOptions(type) ? options.filter((option) => entries.includes(option)) : entries
}

/** Only what would be accepted can be settled by a link. */
function isAnswer(question: Question, entries: string[]): boolean {
  return (
    entries.length > 0 &&
    checkAnswers([{ ...question, showWhen: null }], { [question.key]: entries }, policyVersion).problems.length === 0
  )
}
