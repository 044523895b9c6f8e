import { z } from 'zod'
import type { FieldProblem } from '#platform/errors.ts'
import { calendarDate, canonicalMailAddress, multiLine, singleLine } from '#platform/fields.ts'
import {
  BOUNDS,
  hasOptions,
  onlyChoice,
  type Question,
  rangeOf,
  takesSeveralOptions,
} from '../../event-types/questions/types.ts'
import { askedOfCompanion, askedQuestions, textsOf } from './rules.ts'
import { type Answer, type AnswerTexts, type AnswerValue, DRAWING, DRAWN } from './types.ts'

const LONGEST_ANSWER = 5000
const MOST_ENTRIES = 100

const text = z.string().max(LONGEST_ANSWER)

/** Answers as they are sent: text as forms have it, or a value of the kind. */
export const rawAnswers = z
  .record(z.string().max(100), z.union([text, z.number(), z.boolean(), z.array(text).max(MOST_ENTRIES)]))
  .refine((all) => Object.keys(all).length <= MOST_ENTRIES, { params: { code: 'field_too_many' } })
export type RawAnswers = z.output<typeof rawAnswers>

export interface CheckedAnswers {
  answers: Answer[]
  problems: FieldProblem[]
}

/**
 * Checks what was answered against the questions. Questions whose condition does not hold are not asked: their answers are left out,
 * whatever was sent. Answers to questions that do not exist are problems, with the code `question_unknown`.
 * @param versionOf names the text of a policy
 */
export function checkAnswers(
  questions: readonly Question[],
  raw: RawAnswers,
  versionOf: (text: string) => string,
): CheckedAnswers {
  const sent = sentTo(questions, raw)
  return judged(askedQuestions(questions, sent), sent, { known: questions, at: 'answers', versionOf })
}

/**
 * The same for somebody who comes along, who is asked what is asked of each person.
 * @param booker what was answered by who books, for conditions
 * @param at path of the answers, such as `companions.0.answers`
 */
export function checkCompanion(
  questions: readonly Question[],
  { booker, own, at }: { booker: RawAnswers; own: RawAnswers; at: string },
): CheckedAnswers {
  const each = questions.filter(({ eachPerson }) => eachPerson)
  const sent = sentTo(each, own)
  const asked = askedOfCompanion(questions, sentTo(questions, booker), sent)
  // Nobody agrees for another: there is no policy among them.
  return judged(asked, sent, { known: each, at, versionOf: () => '' })
}

/** What was answered, as texts. */
function sentTo(questions: readonly Question[], raw: RawAnswers): AnswerTexts {
  const texts = Object.entries(raw).map(([key, value]) => [key, entriesOf(value)])
  return { ...Object.fromEntries(texts), ...settled(questions) }
}

interface Judging {
  /** Questions that there are, asked or not. */
  known: readonly Question[]
  /** Path of the answers. */
  at: string
  versionOf: (text: string) => string
}

function judged(asked: readonly Question[], sent: AnswerTexts, { known, at, versionOf }: Judging): CheckedAnswers {
  const keys = new Set(known.map(({ key }) => key))
  const problems: FieldProblem[] = Object.keys(sent)
    .filter((key) => !keys.has(key))
    .map((key) => problemOf(at, key, 'question_unknown'))
  const answers: Answer[] = []
  for (const question of asked) {
    const { key, label, type } = question
    const hidden = question.hidden || onlyChoice(question) !== null
    const outcome = judge(question, sent, versionOf)
    if ('code' in outcome) problems.push(problemOf(at, key, outcome.code, outcome.values))
    else if (outcome.value !== null) {
      const { value, drawing } = outcome
      answers.push({ key, label, type, hidden, value, ...(drawing !== undefined && { drawing }) })
    }
  }
  return { answers, problems }
}

/** What nobody is asked, since there is one choice only; whatever was sent. */
function settled(questions: readonly Question[]): AnswerTexts {
  const choices = questions.map((question) => [question.key, onlyChoice(question)] as const)
  return Object.fromEntries(choices.flatMap(([key, choice]) => (choice === null ? [] : [[key, [choice]]])))
}

function problemOf(at: string, key: string, code: string, values?: Record<string, number>): FieldProblem {
  return { path: `${at}.${key}`.slice(0, 200), code, message: code, ...(values && { values }) }
}

/** `false` is what a form says by sending nothing. */
function entriesOf(value: RawAnswers[string]): string[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'boolean') return value ? ['true'] : []
  return [String(value)]
}

type Outcome = { value: AnswerValue | null; drawing?: string } | { code: string; values?: Record<string, number> }

const refused = (code: string, values?: Record<string, number>): Outcome => ({ code, ...(values && { values }) })

function judge(question: Question, sent: AnswerTexts, versionOf: (text: string) => string): Outcome {
  const entries = textsOf(sent, question.key)
  if (entries.length === 0) {
    const ticked = question.type === 'boolean' || question.type === 'policy'
    if (question.required) return refused(ticked ? 'tick_required' : 'field_required')
    return { value: question.type === 'boolean' && !question.hidden ? false : null }
  }
  if (question.type === 'signature') return signature(entries)
  if (question.type === 'emails') return mailAddresses(question, entries)
  if (takesSeveralOptions(question.type)) return choices(question, entries)
  const [entry, ...more] = entries
  if (entry === undefined || more.length > 0) return refused('field_invalid')
  return question.type === 'policy' ? agreement(entry, versionOf(question.text)) : single(question, entry)
}

/** The form names the version that was read; `true` is whoever needs no form and agrees to what is in force. */
function agreement(entry: string, version: string): Outcome {
  return entry === version || entry === 'true' ? { value: true } : refused('policy_changed')
}

const LONGEST_SIGNER = 200
const STROKES = /^(M\d{1,3} \d{1,3}(L\d{1,3} \d{1,3})+)+$/

/** A name that was typed signs; what was drawn beside it is a path of straight lines and nothing else. */
function signature(entries: readonly string[]): Outcome {
  const [name, ...names] = entries.filter((entry) => !entry.startsWith(DRAWN))
  const [drawn, ...more] = entries.filter((entry) => entry.startsWith(DRAWN))
  if (name === undefined) return refused('signature_needs_name')
  if (names.length > 0 || more.length > 0) return refused('field_invalid')
  if (name.length > LONGEST_SIGNER) return refused('field_too_long', { max: LONGEST_SIGNER })
  const signed = shaped(singleLine(LONGEST_SIGNER), name)
  if ('code' in signed || drawn === undefined) return signed
  const drawing = drawn.slice(DRAWN.length)
  return isDrawing(drawing) ? { ...signed, drawing } : refused('field_invalid')
}

function isDrawing(path: string): boolean {
  if (!STROKES.test(path)) return false
  const numbers = path.match(/\d+/g) ?? []
  return numbers.every((number, i) => Number(number) <= (i % 2 === 0 ? DRAWING.width : DRAWING.height))
}

function choices({ options, ...question }: Question, entries: readonly string[]): Outcome {
  // In the order of the list, each once.
  const value = options.filter((option) => entries.includes(option))
  if (value.length !== new Set(entries).size) return refused('option_unknown')
  return counted(question, value)
}

function mailAddresses(question: Question, entries: readonly string[]): Outcome {
  const value = new Set<string>()
  for (const entry of entries.flatMap((list) => list.split(/[\s,;]+/)).filter(Boolean)) {
    const address = canonicalMailAddress(entry)
    if (address === null) return refused('email_invalid')
    value.add(address)
  }
  return counted(question, [...value])
}

function counted(question: Pick<Question, 'type' | 'min' | 'max'>, value: string[]): Outcome {
  const { min, max } = rangeOf(question)
  if (value.length < min) return refused('field_too_few', { min })
  return value.length > max ? refused('field_too_many', { max }) : { value }
}

/** A text of a shape that another part of the product knows. */
function shaped(schema: z.ZodType<string>, entry: string): Outcome {
  const { success, data } = schema.safeParse(entry)
  return success ? { value: data } : refused('field_unreadable')
}

const PHONE = /^\+?[\d\s().\-/]{5,30}$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const LONGEST_URL = 2000

function single(question: Question, entry: string): Outcome {
  const { type, options } = question
  if (hasOptions(type)) return options.includes(entry) ? { value: entry } : refused('option_unknown')
  switch (type) {
    case 'text':
    case 'long_text':
      return limitedText(question, entry)
    case 'address':
      return entry.length > 500 ? refused('field_too_long', { max: 500 }) : shaped(multiLine(500), entry)
    case 'boolean':
      return ['true', 'on'].includes(entry) ? { value: true } : falsy(question, entry)
    case 'file':
      return shaped(singleLine(200), entry)
    case 'phone':
      return PHONE.test(entry) && entry.replace(/\D/g, '').length >= 5 ? { value: entry } : refused('phone_invalid')
    case 'email':
      return either(canonicalMailAddress(entry), 'email_invalid')
    case 'url':
      return either(webAddress(entry), 'link_invalid')
    case 'date':
      return either(calendarDate.safeParse(entry).data ?? null, 'not_a_date')
    case 'time':
      return TIME.test(entry) ? { value: entry } : refused('not_a_time')
    default:
      return numeric(question, entry)
  }
}

function either(value: string | null, code: string): Outcome {
  return value === null ? refused(code) : { value }
}

function falsy({ required }: Question, entry: string): Outcome {
  if (entry !== 'false') return refused('field_invalid')
  return required ? refused('tick_required') : { value: false }
}

function limitedText(question: Question, entry: string): Outcome {
  const { min, max } = rangeOf(question)
  const most = BOUNDS[question.type]?.most ?? max
  const outcome = shaped(question.type === 'text' ? singleLine(most) : multiLine(most), entry.slice(0, most))
  // Counted as people count, not as UTF-16 does, and with the line ends that are stored.
  const length = [...entry.replace(/\r\n?/g, '\n')].length
  if (length < min) return refused('field_too_short', { min })
  return length > max || entry.length > most * 2 ? refused('field_too_long', { max }) : outcome
}

/** Null for what is not an address of the web. Without a scheme it gets one. */
function webAddress(entry: string): string | null {
  if (entry.length > LONGEST_URL) return null
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(entry) ? entry : `https://${entry}`)
  const usable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  return usable && url.hostname.includes('.') ? url.href : null
}

/** Numbers, ratings and what a slider says. */
function numeric(question: Question, entry: string): Outcome {
  const value = /^[+-]?\d{1,15}([.,]\d{1,10})?$/.test(entry) ? Number(entry.replace(',', '.')) : Number.NaN
  const { min, max } = rangeOf(question)
  if (Number.isNaN(value)) return refused('not_a_number')
  if (question.type !== 'number' && !Number.isInteger(value)) return refused('field_invalid')
  if (value < min) return refused('field_too_small', { min })
  return value > max ? refused('field_too_large', { max }) : { value }
}
