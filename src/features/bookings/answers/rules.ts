import type { Condition, Question } from '../../event-types/questions/types.ts'
import type { AnswerTexts } from './types.ts'

/**
 * The questions that are asked once these answers are given, in order. A question whose condition is about one that is not asked is
 * not asked either.
 */
export function askedQuestions<Q extends Pick<Question, 'key' | 'showWhen'>>(
  questions: readonly Q[],
  answers: AnswerTexts,
): Q[] {
  const asked = new Set<string>()
  return questions.filter(({ key, showWhen }) => {
    const yes = showWhen === null || (asked.has(showWhen.key) && holds(showWhen, textsOf(answers, showWhen.key)))
    if (yes) asked.add(key)
    return yes
  })
}

/** Of those, what somebody who comes along is asked. Conditions look at what was answered for them; of what is not asked of each person, at what the booker answered. */
export function askedOfCompanion<Q extends Pick<Question, 'key' | 'showWhen' | 'eachPerson'>>(
  questions: readonly Q[],
  booker: AnswerTexts,
  own: AnswerTexts,
): Q[] {
  const each = new Set(questions.filter(({ eachPerson }) => eachPerson).map(({ key }) => key))
  const ofBooker = Object.entries(booker).filter(([key]) => !each.has(key))
  return askedQuestions(questions, { ...Object.fromEntries(ofBooker), ...own }).filter(({ key }) => each.has(key))
}

/** What was entered for a question; empty entries say nothing. */
export function textsOf(answers: AnswerTexts, key: string): string[] {
  return Object.hasOwn(answers, key)
    ? (answers[key] ?? []).map((text) => text.trim()).filter((text) => text !== '')
    : []
}

function holds({ is, value }: Condition, texts: readonly string[]): boolean {
  const wanted = folded(value)
  switch (is) {
    case 'set':
      return texts.length > 0
    case 'unset':
      return texts.length === 0
    case 'equals':
      return texts.length === 1 && folded(texts[0] ?? '') === wanted
    case 'contains':
      return texts.some((text) => folded(text).includes(wanted))
  }
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
