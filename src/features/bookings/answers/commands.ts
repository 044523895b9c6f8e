import { hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { invalidInput } from '#platform/errors.ts'
import type { Question } from '../../event-types/questions/types.ts'
import { bookingError } from '../errors.ts'
import { checkAnswers, type RawAnswers } from './schema.ts'
import type { Answer } from './types.ts'

/** Names a text by what it says: SHA-256 in base64url. */
export function policyVersion(text: string): string {
  return hashToken(text).toString('base64url')
}

/**
 * What was answered, checked against the questions. What was agreed to is kept word for word, with its version and time in the answer.
 * @throws invalid_input with `fields`; questions_changed when the form was made for other questions
 */
export async function takeAnswers(
  tx: Tx,
  ctx: Ctx,
  questions: readonly Question[],
  raw: RawAnswers,
): Promise<Answer[]> {
  const { answers, problems } = checkAnswers(questions, raw, policyVersion)
  if (problems.some(({ code }) => code === 'question_unknown')) {
    throw bookingError('questions_changed', { fields: problems })
  }
  if (problems.length > 0) throw invalidInput(problems)
  const texts = new Map(questions.map(({ key, text }) => [key, text]))
  const agreed = new Map<string, string>()
  const at = ctx.clock.now()
  const complete = answers.map((answer) => {
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
