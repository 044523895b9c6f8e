/** Key of the short text by which the booker names the meeting. */
export const TITLE_KEY = 'title'

/** What a host can ask. Each has its own field in the form and its own rules for answers. */
export const QUESTION_TYPES = [
  'text',
  'long_text',
  'number',
  'select',
  'multi_select',
  'radio',
  'checkboxes',
  'boolean',
  'phone',
  'email',
  'emails',
  'address',
  'url',
  'date',
  'time',
  'rating',
  'slider',
  'policy',
  'file',
  'signature',
] as const
export type QuestionType = (typeof QUESTION_TYPES)[number]

/** What a file may be; without a choice each of them. */
export const FILE_KINDS = ['image', 'pdf', 'office', 'text'] as const
export type FileKind = (typeof FILE_KINDS)[number]

/** The question is asked only when another one, which comes before it, was answered so. Case does not matter. */
export interface Condition {
  /** Key of the other question. */
  key: string
  is: 'set' | 'unset' | 'equals' | 'contains'
  /** What it equals or contains; of several choices one must be it. */
  value: string
}

/** One question of the booking form. Every type has every property; those that mean nothing to it are empty. */
export interface Question {
  /** Name of the answer in links that prefill it, in title templates and for machines. It never changes. */
  key: string
  type: QuestionType
  label: string
  help: string
  placeholder: string
  required: boolean
  /** Not shown: only a link answers it. */
  hidden: boolean
  /** What a link has answered cannot be changed in the form. */
  lockPrefilled: boolean
  /** Asked when a booking is moved by who made it, and only then. Absent in what was stored before there were such: no. */
  onlyMoving?: boolean
  /** Of a party each is asked, who books and everyone who comes along. Absent in what was stored before there were such: no. */
  eachPerson?: boolean
  /** With a single choice nobody is asked: that is the answer. */
  hideSingle?: boolean
  /** Choices, as they are shown and stored; of a file, kinds. */
  options: string[]
  /** Bounds of what `BOUNDS` says for the type; null: as far as the type goes. */
  min: number | null
  max: number | null
  showWhen: Condition | null
  /** Markdown: what a policy says. */
  text: string
}

/** What the bounds of a type count, and how far they may go. Types that are not here have none. */
export const BOUNDS: Partial<
  Record<QuestionType, { of: 'characters' | 'value' | 'entries' | 'megabytes'; least: number; most: number }>
> = {
  text: { of: 'characters', least: 0, most: 300 },
  long_text: { of: 'characters', least: 0, most: 1000 },
  number: { of: 'value', least: -1e12, most: 1e12 },
  multi_select: { of: 'entries', least: 0, most: 100 },
  checkboxes: { of: 'entries', least: 0, most: 100 },
  emails: { of: 'entries', least: 0, most: 20 },
  slider: { of: 'value', least: -10_000, most: 10_000 },
  rating: { of: 'value', least: 2, most: 10 },
  file: { of: 'megabytes', least: 1, most: 5 },
}

/** A slider goes from 0 to 10 and a rating to 5 unless the host says otherwise. */
const USUAL_RANGE = { slider: { min: 0, max: 10 }, rating: { min: 1, max: 5 } } as const

/** The bounds in force for a question. */
export function rangeOf({ type, min, max }: Pick<Question, 'type' | 'min' | 'max'>): { min: number; max: number } {
  if (type === 'rating') return { min: 1, max: max ?? USUAL_RANGE.rating.max }
  const { least, most } = BOUNDS[type] ?? { least: 0, most: 0 }
  const usual = type === 'slider' ? USUAL_RANGE.slider : { min: least, max: most }
  return { min: min ?? usual.min, max: max ?? usual.max }
}

/** Those that are asked when something is booked, or when it is moved. */
export function questionsWhen<Q extends Pick<Question, 'onlyMoving'>>(questions: readonly Q[], moving: boolean): Q[] {
  return questions.filter(({ onlyMoving = false }) => onlyMoving === moving)
}

/** What one person can answer for another: nobody signs or agrees for somebody else, and a slider points somewhere unasked. */
export function canAskEach(type: QuestionType): boolean {
  return !['file', 'signature', 'policy', 'slider'].includes(type)
}

/** The one choice that there is, where that need not be asked for; otherwise null. */
export function onlyChoice({
  type,
  options,
  hideSingle,
}: Pick<Question, 'type' | 'options' | 'hideSingle'>): string | null {
  const [first, ...others] = options
  return hideSingle && hasOptions(type) && others.length === 0 ? (first ?? null) : null
}

/** Whether one chooses from a list. */
export function hasOptions(type: QuestionType): boolean {
  return type === 'select' || type === 'radio' || takesSeveralOptions(type)
}

/** Whether one may choose more than one of a list. */
export function takesSeveralOptions(type: QuestionType): boolean {
  return type === 'multi_select' || type === 'checkboxes'
}
