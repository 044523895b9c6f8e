import { BOUNDS, hasOptions, type Question, type QuestionType, TITLE_KEY } from './types.ts'

export const MOST_QUESTIONS = 50
export const LONGEST_KEY = 60
export const LONGEST_LABEL = 200
export const LONGEST_HELP = 500
export const LONGEST_PLACEHOLDER = 100
export const LONGEST_OPTION = 200
export const MOST_OPTIONS = 100
export const MOST_ADDRESSES = 500
/** A request has at most 11 MB (src/app/server.ts), and each file up to 5. */
export const MOST_FILES = 2
/** Asked of each person: a party may have many. */
export const MOST_EACH = 10
export const LONGEST_POLICY = 20_000
/** Of all questions of an event type together: every visitor gets them with the page. UTF-16 units of JSON. */
export const LARGEST_FORM = 100_000

const KEY = /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/

/** What the form and its links already mean something by, and the names that a title template knows. */
const RESERVED = new Set([
  ...['name', 'firstname', 'lastname', 'email', 'guest', 'guests', 'notes', 'location', 'phone', 'reason', 'title'],
  ...['start', 'duration', 'timezone', 'month', 'date', 'slot', 'zones', 'clock', 'layout', 'sequence', 'code'],
  ...['metadata', 'reschedulereason', 'rescheduleuid', 'overlaycalendar', 'idempotencykey'],
  ...['event', 'host', 'booker'],
])

/** Lower-case letters, digits, hyphens and underscores, and no name that a booking form has already. */
export function isKey(text: string): boolean {
  return text.length <= LONGEST_KEY && KEY.test(text) && !RESERVED.has(text)
}

/** The question by which the booker names the meeting has a key that no other has. */
export function isTitle({ key, type }: Pick<Question, 'key' | 'type'>): boolean {
  return key === TITLE_KEY && type === 'text'
}

/** A key made of a label, `Your company` → `your-company`, with the first number that makes it one of its own. */
export function freeKey(label: string, taken: readonly string[]): string {
  const plain = label
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST_KEY - 5)
    .replace(/-$/, '')
  const stem = isKey(plain) ? plain : plain === '' ? 'question' : `${plain}-answer`
  const used = new Set(taken)
  for (let number = 1; ; number++) {
    const key = number === 1 ? stem : `${stem}-${number}`
    if (!used.has(key)) return key
  }
}

/** A question as the host begins it. */
export function newQuestion(type: QuestionType, label: string, taken: readonly string[]): Question {
  return {
    ...{ key: freeKey(label, taken), type, label, help: '', placeholder: '' },
    ...{
      required: false,
      hidden: false,
      lockPrefilled: false,
      onlyMoving: false,
      eachPerson: false,
      hideSingle: false,
      options: [],
      min: null,
      max: null,
      showWhen: null,
      text: '',
    },
  }
}

/** The one that asks what the meeting is about. */
export function newTitleQuestion(label: string): Question {
  return { ...newQuestion('text', label, []), key: TITLE_KEY }
}

/** Types whose field can show an example of an answer. */
export function hasPlaceholder(type: QuestionType): boolean {
  return (
    !hasOptions(type) && !['boolean', 'date', 'time', 'rating', 'slider', 'policy', 'file', 'signature'].includes(type)
  )
}

/** Without the properties that mean nothing to its type, such as the choices of what is a text by now. */
export function fitted(question: Question): Question {
  const { type } = question
  if (type === 'policy') return { ...newQuestion(type, question.label, []), ...agreement(question) }
  // No link can bring a file, and nobody signs by a link.
  const byHand = type === 'file' || type === 'signature'
  const hidden = question.hidden && !byHand
  const bounded = BOUNDS[type] !== undefined
  return {
    ...question,
    placeholder: hasPlaceholder(type) ? question.placeholder : '',
    options: hasOptions(type) || type === 'file' ? question.options : [],
    min: bounded && type !== 'rating' && type !== 'file' ? question.min : null,
    max: bounded ? question.max : null,
    // Nobody could answer it in the form.
    required: question.required && !hidden,
    hidden,
    lockPrefilled: question.lockPrefilled && !byHand,
    // Files are kept when something is booked, and then it gets its name.
    onlyMoving: question.onlyMoving === true && type !== 'file' && !isTitle(question),
    eachPerson: question.eachPerson === true && !isTitle(question),
    hideSingle: question.hideSingle === true && hasOptions(type),
    text: '',
  }
}

/** Who does not agree cannot book, and nobody agrees by a link. */
function agreement({ key, help, showWhen, text, onlyMoving, eachPerson }: Question) {
  return { key, help, showWhen, text, eachPerson, onlyMoving: onlyMoving === true, required: true }
}

/** What is wrong with a list of questions as a whole, by its place: keys that come twice and conditions that lead nowhere. */
export function listProblems(
  questions: readonly Pick<Question, 'key' | 'showWhen' | 'onlyMoving'>[],
): { path: (string | number)[]; code: 'key_twice' | 'condition_not_before' | 'condition_another_time' }[] {
  /** By key, whether it is asked when a booking is moved. */
  const before = new Map<string, boolean>()
  return questions.flatMap(({ key, showWhen, onlyMoving = false }, index) => {
    const twice = before.has(key)
    const other = showWhen === null ? onlyMoving : before.get(showWhen.key)
    before.set(key, onlyMoving)
    const condition = (code: 'condition_not_before' | 'condition_another_time') => [{ path: [index, 'showWhen'], code }]
    return [
      ...(twice ? [{ path: [index, 'key'], code: 'key_twice' as const }] : []),
      ...(other === undefined ? condition('condition_not_before') : []),
      ...(other === !onlyMoving ? condition('condition_another_time') : []),
    ]
  })
}
