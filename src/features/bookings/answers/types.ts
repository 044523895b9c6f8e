import { onlyChoice, type Question, type QuestionType, rangeOf } from '../../event-types/questions/types.ts'

/** What was answered: several entries as a list, numbers as numbers, what was ticked as true. */
export type AnswerValue = string | number | boolean | string[]

/** An answer as it was given, with the question as it was asked then. */
export interface Answer {
  key: string
  label: string
  type: QuestionType
  /** The booker did not see the question; a link answered it. */
  hidden: boolean
  value: AnswerValue
  /** What was agreed to, and when (RFC 3339). */
  accepted?: { version: string; at: string }
  /** The file that was sent; the value is its name. */
  file?: { id: string; size: number }
  /** What was drawn beside the name that signs: an SVG path within `DRAWING`. */
  drawing?: string
}

/** Where signatures are drawn: whole steps from the upper left. */
export const DRAWING = { width: 600, height: 200 } as const
/** What a form puts before a drawing, since the same field has the name. */
export const DRAWN = 'drawn:'

/** Answers as forms and links have them, by key: every value is text. */
export type AnswerTexts = Record<string, readonly string[]>

/** A question as a form shows it. */
export interface AskedQuestion extends Omit<Question, 'lockPrefilled' | 'text' | 'onlyMoving' | 'hideSingle'> {
  /** The bounds in force, named or not. */
  range: { min: number; max: number }
  /** The link has answered it, and that is settled. */
  locked: boolean
  /** What is to be agreed to, as safe HTML, and the version that the answer names. */
  policy: Policy | null
}

interface Policy {
  html: string
  version: string
}

/** A question for the form. Of one that is not shown the form learns no more than it needs. */
export function askedQuestion(
  { lockPrefilled, text, onlyMoving, hideSingle, eachPerson, ...asked }: Question,
  { isAnswered, policyOf }: { isAnswered: boolean; policyOf: (text: string) => Policy },
): AskedQuestion {
  const question = onlyChoice({ ...asked, hideSingle }) === null ? asked : { ...asked, hidden: true }
  const shown = question.hidden ? { ...question, label: '', help: '', placeholder: '' } : question
  return {
    ...shown,
    ...(eachPerson && { eachPerson }),
    range: rangeOf(question),
    locked: lockPrefilled && isAnswered,
    policy: text === '' ? null : policyOf(text),
  }
}

interface Words {
  yes: string
  no: string
}

/** An answer as somebody reads it, one line for each entry. */
export function answerLines({ type, value, accepted }: Answer, locale: string, { yes, no }: Words): string[] {
  if (accepted) return [yes, new Intl.DateTimeFormat(locale, MOMENT).format(Date.parse(accepted.at))]
  if (typeof value === 'boolean') return [value ? yes : no]
  if (Array.isArray(value)) return value
  if (typeof value === 'number') return [new Intl.NumberFormat(locale).format(value)]
  if (type === 'date') return [new Intl.DateTimeFormat(locale, DAY).format(Date.parse(value))]
  return value.split('\n')
}

/** A date has no zone: its midnight is written as it would be in UTC. */
const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const

/** A label before what it introduces: with a colon, unless it has a mark of its own. */
export function introduction(label: string): string {
  return /[?:!.]$/.test(label) ? label : `${label}:`
}

/** An answer with its question, on one line. */
export function answerLine(answer: Answer, locale: string, words: Words): string {
  return `${introduction(answer.label)} ${answerLines(answer, locale, words).join(', ')}`
}

/** When something was agreed to, the same for everybody who reads it. */
const MOMENT = { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' } as const

/** An answer on one line, such as in a title. */
export function answerText({ value }: Answer): string {
  return (Array.isArray(value) ? value.join(', ') : String(value)).replace(/\s*\n\s*/g, ', ')
}
