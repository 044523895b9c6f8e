import type { Question } from '../../event-types/questions/types.ts'

/**
 * What a host answers for each person they book for. Nothing has to be answered, and nobody asks the rest of the form: conditions that look
 * there are not looked at.
 */
export function askedOnBehalf<Q extends Pick<Question, 'key' | 'eachPerson' | 'required' | 'showWhen'>>(
  questions: readonly Q[],
): Q[] {
  const each = questions.filter(({ eachPerson }) => eachPerson)
  const keys = new Set(each.map(({ key }) => key))
  return each.map((question) => ({
    ...question,
    required: false,
    showWhen: question.showWhen && keys.has(question.showWhen.key) ? question.showWhen : null,
  }))
}
