import type { Limit } from '#platform/rate-limit.ts'
import type { HourCycle } from './types.ts'

const LEAST_PASSWORD_LENGTH = 10
export const MOST_PASSWORD_LENGTH = 200

/** Long enough to pass the length, and still among the first that are tried. */
const COMMON_PASSWORDS = new Set(
  `0123456789 1234567890 12345678910 123456789a 1234567891 0987654321 9876543210 1029384756 1122334455 1q2w3e4r5t
  1qaz2wsx3edc 1qazxsw23edc q1w2e3r4t5 qazwsxedcrfv qwertyuiop qwertyuiop1 qwerty1234 qwerty12345 qwerty123456
  qwertz1234 qwertz12345 qwertzuiop asdfghjkl1 asdfghjklö asdfasdfasdf zxcvbnm123 yxcvbnm123 abcdefghij abcdefghijk
  abcd123456 abcde12345 abc1234567 a123456789 aa12345678 password01 password11 password12 password123 password1234
  password12345 passwordpassword mypassword mypassword1 thepassword newpassword newpassword1 passw0rd123 p@ssw0rd123
  passwort123 passwort1234 passwort12345 geheim1234 geheimnis1 hallo12345 hallohallo schalke1904 sommer2024 sommer2025
  sommer2026 winter2024 winter2025 winter2026 summer2024 summer2025 summer2026 iloveyou12 iloveyou123 iloveyouso
  ichliebedich welcome123 welcome1234 willkommen willkommen1 letmein123 letmein1234 changeme123 changeme1234 admin12345
  admin123456 administrator adminadmin superadmin rootrootroot superuser1 sunshine12 sunshine123 princess123
  football123 baseball123 monkey12345 dragon12345 master12345 shadow12345 superman123 batman12345 michael123
  trustno1234 starwars123 pokemon123 liverpool1 manchester1 computer123 internet123 samsung123 chocolate1 basketball
  secret1234 secretsecret testtesttest test123456 test1234567 testing123 tester1234 default123 correcthorsebatterystaple
  sundial123 sundial1234 sundialsundial`
    .split(/\s+/)
    .map(withoutSwaps),
)

/** The same for `Pa$$w0rd` and `password`: swaps that everybody knows add nothing. */
function withoutSwaps(text: string): string {
  const swaps: Record<string, string> = { '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', $: 's', '@': 'a', '!': 'l' }
  return [...text].map((letter) => swaps[letter] ?? letter).join('')
}

export type PasswordProblem = 'password_too_short' | 'password_too_long' | 'password_common' | 'password_contains_mail'

/**
 * Whether a password may be chosen. Length is what counts (NIST SP 800-63B §3.1.1.2), so there is no rule about kinds of
 * characters; refused is what is guessed first.
 */
export function judgePassword(password: string, email: string): { ok: true } | { ok: false; reason: PasswordProblem } {
  const length = [...password].length
  if (length < LEAST_PASSWORD_LENGTH) return { ok: false, reason: 'password_too_short' }
  if (length > MOST_PASSWORD_LENGTH) return { ok: false, reason: 'password_too_long' }
  const plain = password.normalize('NFKC').toLowerCase()
  if (isCommon(plain)) return { ok: false, reason: 'password_common' }
  const mailName = (email.split('@')[0] ?? '').toLowerCase()
  if (mailName.length >= 3 && plain.includes(mailName)) return { ok: false, reason: 'password_contains_mail' }
  return { ok: true }
}

function isCommon(plain: string): boolean {
  const withoutEnding = plain.replace(/[^\p{L}\p{N}]+$/u, '')
  return [plain, withoutEnding].some((one) => COMMON_PASSWORDS.has(withoutSwaps(one))) || new Set(plain).size < 4
}

/** First parts of addresses that are, or may one day be, pages of the product or files at its root. */
const RESERVED = new Set(
  `about account accounts answer api app apps assets auth availability avatar avatars away billing blog
  book booking bookings build cal calendar calendars checkout conferencing connect contact contacts d dashboard developer developers
  docs e embed embeds enterprise error event event-types events favicon.ico favicon.svg favicon.png feed feeds forgot-password
  form forms getting-started health healthz help holds home i icons image images insights install integrations
  invite join language legal livez locale login logout mail mails manifest.json manifest.webmanifest mcp meet metrics my-bookings
  oauth onboarding org organisation organisations organization organizations orgs payment payments ping poll polls
  pricing privacy profile public readyz register reschedule resource resources robots.txt route router routing
  routing-forms saml schedule schedules scim sdk search security service-worker.js session sessions settings setup sign-in
  sign-out sign-up signin signout signup sitemap.xml slots sso static team teams terms
  troubleshoot unsubscribe upgrade v1 v2 v3 video webhook webhooks well-known .well-known workflow
  workflows www _app`.split(/\s+/),
)

/** Whether a username would stand in the way of a page. */
export function isReservedUsername(username: string): boolean {
  return RESERVED.has(username)
}

interface Habits {
  hourCycle: HourCycle
  weekStart: number
}

const habits = new Map<string, Habits>()
/** Browsers name languages in endless variations, so what is kept must have an end. */
const MOST_HABITS = 500

/** How people of a region write times and begin weeks, for the first language of an Accept-Language header. */
export function habitsOf(acceptLanguage: string | null): Readonly<Habits> {
  const tag = /^[\w-]{2,35}/.exec(acceptLanguage?.trim() ?? '')?.[0] ?? 'en-GB'
  let found = habits.get(tag)
  if (!found) {
    found = habitsOfLanguage(tag)
    if (habits.size >= MOST_HABITS) habits.clear()
    habits.set(tag, found)
  }
  return found
}

/** Asking Intl takes as long as a query to the database. */
function habitsOfLanguage(tag: string): Habits {
  try {
    const locale = new Intl.Locale(tag)
    const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions()
    return {
      hourCycle: hourCycle === 'h12' || hourCycle === 'h11' ? 'h12' : 'h23',
      weekStart: locale.getWeekInfo().firstDay % 7,
    }
  } catch (error) {
    if (error instanceof RangeError) return { hourCycle: 'h23', weekStart: 1 }
    throw error
  }
}

const MINUTES = 60

/** How often may be tried. By mail against guessing one account, by client against trying many. */
export const LIMITS = {
  signInByMail: { name: 'sign-in-mail', attempts: 10, seconds: 15 * MINUTES },
  signInByClient: { name: 'sign-in-client', attempts: 60, seconds: 15 * MINUTES },
  /** How many failures a log keeps. */
  notedByMail: { name: 'noted-mail', attempts: 5, seconds: 60 * MINUTES },
  notedByClient: { name: 'noted-client', attempts: 20, seconds: 60 * MINUTES },
  signUp: { name: 'sign-up', attempts: 20, seconds: 60 * MINUTES },
  setUp: { name: 'set-up', attempts: 20, seconds: 15 * MINUTES },
  resetByMail: { name: 'reset-mail', attempts: 3, seconds: 15 * MINUTES },
  resetByClient: { name: 'reset-client', attempts: 10, seconds: 15 * MINUTES },
  signInLinkByMail: { name: 'sign-in-link-mail', attempts: 3, seconds: 15 * MINUTES },
  signInLinkByClient: { name: 'sign-in-link-client', attempts: 10, seconds: 15 * MINUTES },
  addressByUser: { name: 'address-user', attempts: 5, seconds: 60 * MINUTES },
  addressByMail: { name: 'address-mail', attempts: 3, seconds: 60 * MINUTES },
  secondStepByAccount: { name: 'second-step-account', attempts: 10, seconds: 15 * MINUTES },
  secondStepByClient: { name: 'second-step-client', attempts: 60, seconds: 15 * MINUTES },
  /** Whatever a mailed link opens. */
  linkByClient: { name: 'link-client', attempts: 30, seconds: 15 * MINUTES },
  passwordChange: { name: 'password-change', attempts: 10, seconds: 15 * MINUTES },
} satisfies Record<string, Limit>
