import { DEFAULT_OPTIONS, type EventType, type EventTypeOptions, type PeriodLimits } from './types.ts'

export const MOST_EVENT_TYPES = 500
export const LONGEST_TITLE = 200
export const LONGEST_SLUG = 100
export const LONGEST_DESCRIPTION = 10_000
export const MOST_DURATIONS = 20
export const MOST_LOCATIONS = 10
export const DAY_MINUTES = 1440
export const MOST_NOTICE = 525_600
/** Further than anyone plans, near enough to be computed at once. */
export const MOST_WINDOW_DAYS = 3650
/** The engine looks at 61 days to count days that have a slot. */
export const MOST_BOOKABLE_DAYS = 60

export const MOST_PER_PERIOD = 100_000
export const MOST_ACTIVE_BOOKINGS = 1000
export const MOST_SEATS = 1000
/** Bookings of one series. */
export const MOST_OCCURRENCES = 60
export const MOST_RECURRENCE_INTERVAL = 52
/** Two weeks: later nobody remembers. Minutes. */
export const MOST_RATING_DELAY = 14 * 1440
export const LONGEST_TEMPLATE = 300
/** As many as a week has hours. */
export const MOST_PREFERRED_RANGES = 168

const OPTION_NAMES = Object.keys(DEFAULT_OPTIONS) as (keyof EventTypeOptions)[]

/** The options among settings, for storing: undefined when none of them is named. */
export function namedOptions(settings: Partial<EventTypeOptions>): Partial<EventTypeOptions> | undefined {
  const named = OPTION_NAMES.filter((name) => settings[name] !== undefined)
  return named.length === 0 ? undefined : Object.fromEntries(named.map((name) => [name, settings[name]]))
}

export const PERIODS = ['day', 'week', 'month', 'year'] as const

/** The first period whose limit is lower than that of a shorter one and could therefore never be reached; null when all fit. */
export function shrinkingPeriod(limits: PeriodLimits): (typeof PERIODS)[number] | null {
  let most = 0
  for (const period of PERIODS) {
    const limit = limits[period]
    if (limit === undefined) continue
    if (limit < most) return period
    most = limit
  }
  return null
}

/** Settings that cannot stand together: where that is said, and the code of the sentence that says why. */
export interface Clash {
  path: string
  code: string
  values?: Record<string, number>
}

/** What is wrong with settings that are each right by themselves; null when they go together. */
export function clashOf(settings: Settings): Clash | null {
  for (const find of CLASHES) {
    const clash = find(settings)
    if (clash) return clash
  }
  return null
}

type Settings = Pick<
  EventType,
  | 'durations'
  | 'locations'
  | 'seats'
  | 'recurrence'
  | 'notice'
  | 'window'
  | 'requiresConfirmation'
  | 'confirmWithin'
  | 'confirmFreeMail'
  | 'limits'
  | 'bookerLimit'
  | 'rescheduling'
  | 'questions'
>

const CLASHES: ((settings: Settings) => Clash | null)[] = [
  ({ limits, durations }) => {
    const min = Math.min(...durations)
    const period = PERIODS.find((one) => (limits.minutes[one] ?? min) < min)
    return period ? { path: `limits.minutes.${period}`, code: 'limit_below_duration', values: { min } } : null
  },
  ({ seats, ...others }) => (seats ? clashOfSeats(others) : null),
  ({ seats, questions }) =>
    (seats?.maxPerBooking ?? 1) < 2 && questions.some(({ eachPerson }) => eachPerson)
      ? { path: 'seats', code: 'each_needs_party' }
      : null,
  ({ recurrence, bookerLimit }) =>
    recurrence && bookerLimit ? { path: 'recurrence', code: 'recurrence_without_booker_limit' } : null,
  ({ bookerLimit, rescheduling }) =>
    bookerLimit?.offerMove && !rescheduling.allowed
      ? { path: 'bookerLimit.offerMove', code: 'move_needs_rescheduling' }
      : null,
  ({ confirmWithin, requiresConfirmation }) =>
    confirmWithin !== null && !requiresConfirmation
      ? { path: 'confirmWithin', code: 'threshold_needs_confirmation' }
      : null,
  ({ confirmFreeMail, requiresConfirmation }) =>
    confirmFreeMail && !requiresConfirmation ? { path: 'confirmFreeMail', code: 'free_mail_needs_confirmation' } : null,
  ({ notice, window }) =>
    // The window ends with its last day: a notice of a day more leaves nothing of it.
    window?.type === 'rolling' && window.calendarDays && notice >= (window.days + 1) * DAY_MINUTES
      ? { path: 'notice', code: 'notice_beyond_window' }
      : null,
]

/** What several who share a start cannot each have their own way. */
function clashOfSeats(others: Omit<Settings, 'seats'>): Clash | null {
  const { durations, locations, requiresConfirmation, bookerLimit, recurrence } = others
  if (recurrence) return { path: 'recurrence', code: 'seats_without_recurrence' }
  if (durations.length > 1) return { path: 'seats', code: 'seats_need_one_duration' }
  if (locations.length > 1) return { path: 'seats', code: 'seats_need_one_place' }
  if (locations.some(({ kind }) => kind === 'attendee_address' || kind === 'attendee_text'))
    return { path: 'seats', code: 'seats_need_own_place' }
  if (requiresConfirmation) return { path: 'seats', code: 'seats_without_confirmation' }
  return bookerLimit === null ? null : { path: 'seats', code: 'seats_without_booker_limit' }
}

/** What can stand in braces in the title of bookings. */
export const TITLE_NAMES = [
  'event',
  'booker',
  'booker first name',
  'booker last name',
  'host',
  'host first name',
  'location',
  'duration',
] as const
export type TitleName = (typeof TITLE_NAMES)[number]

/** What a template names in braces that means nothing; `keys` are those of the questions, whose answers can stand there too. */
export function unknownNames(template: string, keys: readonly string[]): string[] {
  const known = new Set<string>([...TITLE_NAMES, ...keys])
  return [...template.matchAll(/\{([^{}]*)\}/g)]
    .filter(([, name]) => !known.has((name ?? '').toLowerCase()))
    .map(([all]) => all)
}

/** Letters that Unicode does not take apart, as they are written in ASCII. */
const SPELLED: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }

/** Address made of a title: `30-Minuten-Gespräch` → `30-minuten-gesprach`. A title without Latin letters gives `meeting`. */
export function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]/g, (letter) => SPELLED[letter] ?? '-')
    .replace(/-+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST_SLUG)
    .replace(/-$/, '')
  return slug || 'meeting'
}

/** Lower case letters, digits and single places for hyphens inside: what the database takes, too. */
export function isSlug(text: string): boolean {
  return text.length <= LONGEST_SLUG && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)
}

/** `slug` itself, or with the first number that makes it free. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug
  const stem = slug.replace(/-\d{1,4}$/, '')
  for (let number = 2; ; number++) {
    const suffix = `-${number}`
    const candidate = stem.slice(0, LONGEST_SLUG - suffix.length).replace(/-+$/, '') + suffix
    if (!taken.has(candidate)) return candidate
  }
}

/** `title` with the first number that makes it one of its own. */
export function freeTitle(title: string, taken: ReadonlySet<string>): string {
  const stem = title.replace(/ \d{1,4}$/, '')
  for (let number = 2; ; number++) {
    const suffix = ` ${number}`
    const candidate = stem.slice(0, LONGEST_TITLE - suffix.length).trimEnd() + suffix
    if (!taken.has(candidate)) return candidate
  }
}

/** The default stays first, the others follow by length. */
export function orderedDurations([first, ...others]: readonly number[]): number[] {
  return first === undefined ? [] : [first, ...others.sort((a, b) => a - b)]
}

/** Null for what is not the address of a page that a visitor can be sent to; otherwise in its usual spelling. */
export function meetingUrl(text: string): string | null {
  const url = URL.parse(text.trim())
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return null
  return url.hostname.includes('.') || url.hostname.startsWith('[') ? url.href : null
}

/** A number as people write it: digits with what they put between. */
export function isPhone(text: string): boolean {
  return /^\+?[\d\s().\-/]{5,30}$/.test(text) && text.replace(/\D/g, '').length >= 5
}

export const STEPS = ['first', 'up', 'down', 'last'] as const
export type Step = (typeof STEPS)[number]

/** In front of which of `ids` a step leads; null: to the end. */
export function stepped(ids: readonly number[], id: number, step: Step): number | null {
  const at = ids.indexOf(id)
  if (step === 'first') return ids[0] ?? null
  if (step === 'up') return ids[Math.max(0, at - 1)] ?? null
  return step === 'down' ? (ids[at + 2] ?? null) : null
}

/** `ids` with `id` moved in front of `before`, or to the end. Null when either is not among them. */
export function moved(ids: readonly number[], id: number, before: number | null): number[] | null {
  if (!ids.includes(id) || (before !== null && !ids.includes(before))) return null
  if (id === before) return [...ids]
  const rest = ids.filter((one) => one !== id)
  const at = before === null ? rest.length : rest.indexOf(before)
  return rest.toSpliced(at, 0, id)
}
