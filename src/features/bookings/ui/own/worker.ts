import { type OwnCalendar, type OwnSpan, type OwnTime, readCalendar, timesIn } from './calendar.ts'

/**
 * Reads calendars away from the page: a file can be large or mean, and a worker can be ended. The page imports this file too, only
 * to learn its address.
 */
export const address = import.meta.url

export type Question = { id: number } & ({ texts: string[] } | { span: OwnSpan })

export type Answer = { id: number } & (
  | { kind: 'read'; entries: number; unread: number }
  | { kind: 'times'; times: OwnTime[]; cut: boolean }
  | { kind: 'unreadable' }
)

let calendars: OwnCalendar[] = []

function answerOf(question: Question): Answer {
  const { id } = question
  if ('texts' in question) {
    calendars = question.texts.map(readCalendar)
    const sum = (count: (one: OwnCalendar) => number) => calendars.reduce((all, one) => all + count(one), 0)
    return { id, kind: 'read', entries: sum(({ entries }) => entries.length), unread: sum(({ unread }) => unread) }
  }
  const found = calendars.map((calendar) => timesIn(calendar, question.span))
  return { id, kind: 'times', times: found.flatMap(({ times }) => times), cut: found.some(({ cut }) => cut) }
}

/** What of a worker's surroundings is used: the types are those of a page. */
interface Surroundings {
  document?: unknown
  postMessage: (answer: Answer) => void
  onmessage: ((event: MessageEvent<Question>) => void) | null
}
const here = globalThis as unknown as Surroundings

if (here.document === undefined) {
  here.onmessage = ({ data }) => {
    try {
      here.postMessage(answerOf(data))
    } catch {
      // Whatever is wrong with the file, the page says that it cannot be read.
      here.postMessage({ id: data.id, kind: 'unreadable' })
    }
  }
}
