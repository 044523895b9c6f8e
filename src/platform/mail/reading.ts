import PostalMime, { type Address, type Email } from 'postal-mime'

/** A mail as a person reads it. */
export interface ReadMail {
  from: string
  to: string
  replyTo: string
  subject: string
  text: string
  html: string
  /** The iCalendar object, when there is one. */
  calendar: string | null
}

export async function readMail(raw: Uint8Array): Promise<ReadMail> {
  const email = await PostalMime.parse(raw)
  return {
    from: email.from ? written(email.from) : '',
    to: (email.to ?? []).map(written).join(', '),
    replyTo: (email.replyTo ?? []).map(written).join(', '),
    subject: email.subject ?? '',
    text: email.text ?? '',
    html: email.html ?? '',
    calendar: calendarOf(email),
  }
}

function written({ name, address }: Address): string {
  if (!address) return name
  return name ? `${name} <${address}>` : address
}

function calendarOf({ attachments }: Email): string | null {
  const content = attachments.find(({ mimeType }) => mimeType === 'text/calendar')?.content
  if (content === undefined) return null
  return typeof content === 'string' ? content : new TextDecoder().decode(content)
}

/** One property of an iCalendar object, for people who look at it. */
export interface CalendarLine {
  name: string
  value: string
}

/** Unfolds an iCalendar object (RFC 5545 §3.1) into its lines, with texts as they are meant. */
export function calendarLines(ics: string): CalendarLine[] {
  const lines = ics.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)
  return lines.filter(Boolean).map((line) => {
    // The first colon outside of quotes ends name and parameters.
    const name = /^(?:[^":]|"[^"]*")*/.exec(line)?.[0] ?? ''
    const value = line.slice(name.length + 1)
    return { name, value: value.replace(/\\([\\;,nN])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign)) }
  })
}
