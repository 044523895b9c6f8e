import { hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { type FieldProblem, invalidInput } from '#platform/errors.ts'
import { type Question, rangeOf } from '../../event-types/questions/types.ts'
import { bookingError } from '../errors.ts'
import { kindOfFile } from '../files/rules.ts'
import type { NamedUpload } from '../files/types.ts'
import { checkAnswers, type RawAnswers } from './schema.ts'
import type { Answer } from './types.ts'

/** Names a text by what it says: SHA-256 in base64url. */
export function policyVersion(text: string): string {
  return hashToken(text).toString('base64url')
}

/** Questions for files are answered by what was sent, and by nothing else. */
function withNames(questions: readonly Question[], raw: RawAnswers, uploads: readonly NamedUpload[]): RawAnswers {
  const types = new Map(questions.map(({ key, type }) => [key, type]))
  const texts = Object.entries(raw).filter(([key]) => types.get(key) !== 'file')
  const names = uploads.filter(({ key }) => (types.get(key) ?? 'file') === 'file').map(({ key, name }) => [key, name])
  return Object.fromEntries([...texts, ...names])
}

const MEGABYTE = 1_000_000

function fileProblems(
  { key, type }: Answer,
  questions: readonly Question[],
  uploads: readonly NamedUpload[],
): FieldProblem[] {
  const upload = uploads.find((one) => one.key === key)
  const question = questions.find((one) => one.key === key)
  if (type !== 'file' || !upload || !question) return []
  const problem = (code: string, values = {}) => [{ path: `answers.${key}`, code, message: code, values }]
  const { max } = rangeOf(question)
  if (upload.bytes.length > max * MEGABYTE) return problem('file_too_large', { max })
  const kind = kindOfFile(upload.bytes)
  return kind === null || (question.options.length > 0 && !question.options.includes(kind))
    ? problem('file_not_taken')
    : []
}

/**
 * What was answered, checked against the questions. What was agreed to is kept word for word, with its version and time in the answer.
 * @param beside problems of the same form, which are refused together with these
 * @throws invalid_input with `fields`; questions_changed when the form was made for other questions
 */
export async function takeAnswers(
  tx: Tx,
  ctx: Ctx,
  questions: readonly Question[],
  raw: RawAnswers,
  uploads: readonly NamedUpload[],
  beside: readonly FieldProblem[] = [],
): Promise<Answer[]> {
  const { answers, problems: found } = checkAnswers(questions, withNames(questions, raw, uploads), policyVersion)
  const problems = [...found, ...answers.flatMap((answer) => fileProblems(answer, questions, uploads)), ...beside]
  if (problems.some(({ code }) => code === 'question_unknown')) {
    throw bookingError('questions_changed', { fields: problems })
  }
  if (problems.length > 0) throw invalidInput(problems)
  const texts = new Map(questions.map(({ key, text }) => [key, text]))
  const agreed = new Map<string, string>()
  const at = ctx.clock.now()
  const complete = answers.map((answer) => {
    const upload = uploads.find(({ key }) => key === answer.key)
    if (answer.type === 'file' && upload) return { ...answer, file: { id: upload.id, size: upload.bytes.length } }
    if (answer.type !== 'policy') return answer
    const text = texts.get(answer.key) ?? ''
    const version = policyVersion(text)
    agreed.set(version, text)
    return { ...answer, accepted: { version, at: at.toString() } }
  })
  if (agreed.size > 0) {
    await tx
      .insertInto('policy_texts')
      .values([...agreed].map(([version, text]) => ({ version, text, created_at: at })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return complete
}
