import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** Controls, separators of lines, and what reorders or hides text (Unicode UAX #9, TR 36). */
const HOSTILE_IN_LINE = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/u
const HOSTILE_IN_TEXT = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** One line that somebody reads, such as a name: composed (NFC), trimmed, 1 to `max` UTF-16 units, something to see in it. */
export function singleLine(max: number) {
  const plain = z
    .string()
    .min(1)
    .max(max)
    .refine(isPlainLine, { params: { code: 'field_unreadable' } })
  return z
    .string()
    .transform((text) => composed(text, max))
    .pipe(plain)
}

/** Several lines, possibly none; line ends become \n (forms send CR LF). */
export function multiLine(max: number) {
  const plain = z
    .string()
    .max(max)
    .refine(isPlainText, { params: { code: 'field_unreadable' } })
  return z
    .string()
    .transform((text) => composed(text.replace(/\r\n?/g, '\n'), max))
    .pipe(plain)
}

/** Of a text that is far too long, only as much is kept as shows that: composing the rest would cost and change nothing. */
function composed(text: string, max: number): string {
  return text
    .slice(0, max * 4 + 100)
    .normalize('NFC')
    .trim()
}

function isPlainText(text: string): boolean {
  return text.isWellFormed() && !HOSTILE_IN_TEXT.test(text)
}

function isPlainLine(text: string): boolean {
  return text.isWellFormed() && !HOSTILE_IN_LINE.test(text) && VISIBLE.test(text)
}

/** Name of an IANA time zone; offsets such as +02:00 are none. */
export const timeZoneName = z.string().refine(isTimeZone, { params: { code: 'unknown_time_zone' } })

/** Names that are ones: asking takes a fifth of the time that a month of slots does. As many as there are, in the spellings people use. */
const knownZones = new Set<string>()
const MOST_KNOWN = 1000

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    if (knownZones.size < MOST_KNOWN) knownZones.add(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** A date of the calendar as YYYY-MM-DD, in years that a booking can lie in. */
export const calendarDate = z.string().refine(isDate, { params: { code: 'not_a_date' } })

function isDate(text: string): boolean {
  if (!/^(19[7-9]|2[01]\d)\d-\d\d-\d\d$/.test(text)) return false
  try {
    Temporal.PlainDate.from(text)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const LOCAL_PART = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}$/u
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/**
 * A mail address in the one spelling that is stored and compared: composed, lower case, the domain in ASCII (RFC 5891). So the same
 * mailbox cannot come twice in another case or disguise.
 */
export const mailAddress = z.string().transform((text, check) => {
  const address = canonicalMailAddress(text)
  if (address !== null) return address
  const code = text.trim() === '' ? 'field_required' : 'email_invalid'
  check.addIssue({ code: 'custom', params: { code } })
  return z.NEVER
})

const LONGEST_ADDRESS = 254

/** Null for what is not one mail address. */
export function canonicalMailAddress(text: string): string | null {
  if (text.length > LONGEST_ADDRESS * 2) return null
  const [local, domain, ...rest] = text.normalize('NFKC').trim().toLowerCase().split('@')
  if (local === undefined || domain === undefined || rest.length > 0) return null
  if (!LOCAL_PART.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return null
  if (/[^\p{L}\p{M}\p{N}.-]/u.test(domain)) return null
  const host = URL.parse(`http://${domain}`)?.hostname ?? ''
  const address = `${local}@${host}`
  return HOST_NAME.test(host) && address.length <= LONGEST_ADDRESS ? address : null
}

/** Six digits, with spaces wherever somebody puts them. */
export const mailCodeText = z
  .string()
  .max(30)
  .transform((text) => text.replace(/\s/g, ''))
  .refine((text) => /^\d{6}$/.test(text), { params: { code: 'mail_code_malformed' } })

/** The fields of a form as an object for `parseInput`: one value as itself, several of one name as a list. */
export function formFields(form: FormData): Record<string, FormDataEntryValue | FormDataEntryValue[]> {
  const names = [...new Set(form.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const [first, ...more] = form.getAll(name)
      return [name, first !== undefined && more.length === 0 ? first : form.getAll(name)]
    }),
  )
}
