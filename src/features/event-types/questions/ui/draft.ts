import type { EventTypeOptions } from '../../types.ts'
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
  return { ...question, options: linesOf(question.options) }
}

/** What decides the booking form. */
export type FormSettings = Pick<
  EventTypeOptions,
  'questions' | 'splitName' | 'verifyEmail' | 'requiredEmails' | 'excludedEmails'
>

/** The form while it is edited; lists have a line for each address, possibly an empty one. */
export interface FormDraft extends Omit<FormSettings, 'questions'> {
  questions: QuestionDraft[]
}

export function formDraftOf({ questions, ...rest }: FormSettings): FormDraft {
  return { ...structuredClone(rest), questions: questions.map((question) => draftOf(question)) }
}

/** As it is sent. */
export function settingsOf({ questions, splitName, verifyEmail, ...lists }: FormDraft): FormSettings {
  return {
    questions: questions.map(questionOf),
    ...{ splitName, verifyEmail },
    requiredEmails: linesOf(lists.requiredEmails),
    excludedEmails: linesOf(lists.excludedEmails),
  }
}

function linesOf(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}
