import type { Question } from '../types.ts'

/** A question while it is edited. Choices may be empty and bounds impossible. */
export interface QuestionDraft extends Question {
  /** Only for this list: keys may be typed anew while a question is. */
  id: number
  /** It is not stored yet, so nothing can refer to its key. */
  isNew: boolean
}

let count = 0

export function draftOf(question: Question, isNew = false): QuestionDraft {
  count++
  return { ...structuredClone(question), id: count, isNew }
}

/** As it is sent: without choices that were left empty. */
export function questionOf({ id, isNew, ...question }: QuestionDraft): Question {
  return { ...question, options: question.options.map((option) => option.trim()).filter((option) => option !== '') }
}
