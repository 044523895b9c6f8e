import { type DateStyle, formatShort } from '#ui/dates.ts'
import { answerLines } from '../../answers/types.ts'
import type { Column } from '../../arrangement/schema.ts'
import type { Booking } from '../../types.ts'

/** What a row of a list tells on lines of its own, where its host wants it. */
export const FACTS = ['email', 'type', 'booked', 'notes', 'answers'] as const satisfies readonly Column[]

export interface FactView {
  column: (typeof FACTS)[number]
  /** Of an answer: the question. */
  label: string | null
  text: string
}

/** A row is to be glanced at; all of it is on the page of the booking. */
const MOST_CHARACTERS = 160
const MOST_ANSWERS = 8

export interface Wording extends DateStyle {
  yes: string
  no: string
}

/** In the order of `FACTS`; what a booking does not have is left out. */
export function factsOf(booking: Booking, columns: readonly Column[], wording: Wording): FactView[] {
  const facts = { email: emails, type: eventType, booked, notes, answers }
  return FACTS.filter((column) => columns.includes(column)).flatMap((column) =>
    facts[column](booking, wording)
      .filter(({ text }) => text !== '')
      .map(({ label = null, text }) => ({ column, label, text: shortened(text) })),
  )
}

type Fact = { label?: string; text: string }

function emails({ attendees }: Booking): Fact[] {
  const bookers = attendees.filter(({ kind }) => kind === 'booker')
  return [{ text: bookers.map(({ email }) => email).join(', ') }]
}

const eventType = (booking: Booking): Fact[] => [{ text: booking.eventType?.title ?? '' }]

function booked({ createdAt }: Booking, style: DateStyle): Fact[] {
  return [{ text: formatShort(createdAt.epochMilliseconds, style) }]
}

/** Those who share a booking have notes of their own. */
function notes({ notes: text, attendees }: Booking): Fact[] {
  return [{ text: [text, ...attendees.map(({ seat }) => seat?.notes ?? '')].filter((note) => note !== '').join(' · ') }]
}

function answers({ attendees }: Booking, { locale, ...words }: Wording): Fact[] {
  const given = attendees.flatMap((attendee) => attendee.answers).slice(0, MOST_ANSWERS)
  return given.map((answer) => ({ label: answer.label, text: answerLines(answer, locale, words).join(', ') }))
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const letters = [...line]
  return letters.length > MOST_CHARACTERS ? `${letters.slice(0, MOST_CHARACTERS).join('').trimEnd()}…` : line
}
