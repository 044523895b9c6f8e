import { z } from 'zod'
import { canonicalMailAddress, multiLine, singleLine } from '#platform/fields.ts'
import {
  fitted,
  isKey,
  isTitle,
  LARGEST_FORM,
  LONGEST_HELP,
  LONGEST_LABEL,
  LONGEST_OPTION,
  LONGEST_PLACEHOLDER,
  LONGEST_POLICY,
  listProblems,
  MOST_ADDRESSES,
  MOST_EACH,
  MOST_FILES,
  MOST_OPTIONS,
  MOST_QUESTIONS,
} from './rules.ts'
import {
  BOUNDS,
  canAskEach,
  FILE_KINDS,
  hasOptions,
  QUESTION_TYPES,
  type Question,
  rangeOf,
  TITLE_KEY,
} from './types.ts'

const optionalLine = (max: number) => z.union([z.literal(''), singleLine(max)]).default('')

const bound = z.number().min(-1e12).max(1e12).nullable().default(null)

const condition = z
  .strictObject({
    key: z.string().max(100),
    is: z.enum(['set', 'unset', 'equals', 'contains']),
    value: optionalLine(LONGEST_OPTION),
  })
  .superRefine(({ is, value }, check) => {
    const compares = is === 'equals' || is === 'contains'
    if (compares && value === '')
      check.addIssue({ code: 'custom', path: ['value'], params: { code: 'field_required' } })
  })

const question = z
  .strictObject({
    key: z.string().refine((key) => isKey(key) || key === TITLE_KEY, { params: { code: 'key_invalid' } }),
    type: z.enum(QUESTION_TYPES),
    label: singleLine(LONGEST_LABEL),
    help: multiLine(LONGEST_HELP).default(''),
    placeholder: optionalLine(LONGEST_PLACEHOLDER),
    required: z.boolean().default(false),
    hidden: z.boolean().default(false),
    lockPrefilled: z.boolean().default(false),
    onlyMoving: z.boolean().default(false),
    eachPerson: z.boolean().default(false),
    hideSingle: z.boolean().default(false),
    options: z.array(singleLine(LONGEST_OPTION)).max(MOST_OPTIONS).default([]),
    min: bound,
    max: bound,
    showWhen: condition.nullable().default(null),
    text: multiLine(LONGEST_POLICY).default(''),
  })
  .transform(fitted)
  .superRefine((one, check) => {
    const problem = (path: (string | number)[], code: string) =>
      check.addIssue({ code: 'custom', path, params: { code } })
    if (!isKey(one.key) && !isTitle(one)) problem(['key'], 'key_invalid')
    if (hasOptions(one.type) && one.options.length === 0) problem(['options'], 'options_required')
    if (one.type === 'policy' && one.text === '') problem(['text'], 'field_required')
    const known: readonly string[] = FILE_KINDS
    if (one.type === 'file' && one.options.some((kind) => !known.includes(kind))) problem(['options'], 'option_unknown')
    const twice = one.options.findIndex((option, index) => one.options.indexOf(option) !== index)
    if (twice >= 0) problem(['options', twice], 'option_twice')
    const alone = one.eachPerson && askedAlone(one)
    if (alone) problem(['eachPerson'], alone)
    for (const [path, code] of boundProblems(one)) problem([path], code)
  })

/** Why only who books can be asked it; null: others could be, too. */
function askedAlone({ type, hidden, onlyMoving }: Question): string | null {
  if (!canAskEach(type)) return 'each_not_of_type'
  if (hidden) return 'each_not_hidden'
  return onlyMoving ? 'each_not_moving' : null
}

/** What is wrong with the bounds of a question, by the name of the bound. */
function boundProblems(question: Question): [path: 'min' | 'max', code: string][] {
  const limits = BOUNDS[question.type]
  if (!limits) return []
  const wrong = (['min', 'max'] as const).filter((name) => {
    const value = question[name]
    if (value === null) return false
    const whole = question.type === 'number' || Number.isInteger(value)
    return !whole || value < limits.least || value > limits.most
  })
  if (wrong.length > 0) return wrong.map((name) => [name, 'bound_out_of_range'])
  const { min, max } = rangeOf(question)
  return min > max ? [['max', 'max_below_min']] : []
}

/** A mail address, or a domain with or without @, in the one spelling that is compared. */
const addressOrDomain = z.string().transform((text, check) => {
  const [domain = '', ...address] = text.trim().split('@').reverse()
  const isDomain = address.length === 0 || (address.length === 1 && address[0] === '')
  const canonical = canonicalMailAddress(isDomain ? `any@${domain}` : text) ?? ''
  if (canonical.includes('.', canonical.indexOf('@'))) {
    return isDomain ? canonical.slice(canonical.indexOf('@') + 1) : canonical
  }
  check.addIssue({ code: 'custom', params: { code: 'not_a_mail_or_domain' } })
  return z.NEVER
})

export const mailList = z
  .array(addressOrDomain)
  .max(MOST_ADDRESSES)
  .transform((all) => [...new Set(all)])

/** The questions of an event type, in the order in which they are asked. */
export const questionList = z
  .array(question)
  .max(MOST_QUESTIONS)
  .superRefine((all, check) => {
    for (const { path, code } of listProblems(all)) check.addIssue({ code: 'custom', path, params: { code } })
    const files = all.filter(({ type }) => type === 'file').length
    if (files > MOST_FILES) check.addIssue({ code: 'custom', params: { code: 'too_many_files' } })
    if (all.filter(({ eachPerson }) => eachPerson).length > MOST_EACH)
      check.addIssue({ code: 'custom', params: { code: 'too_many_each', max: MOST_EACH } })
    if (JSON.stringify(all).length > LARGEST_FORM)
      check.addIssue({ code: 'custom', params: { code: 'form_too_large' } })
  })
