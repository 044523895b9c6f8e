export interface MailParty {
  name: string
  address: string
}

/** One message to one recipient. */
export interface OutgoingMail {
  /** Stable per delivery, so that a receiver can drop a repeated one (RFC 5322 §3.6.4). */
  messageId: string
  to: MailParty
  replyTo: MailParty | null
  subject: string
  text: string
  html: string
  /** RFC 5546 method and the iCalendar object. */
  calendar: { method: 'REQUEST' | 'CANCEL'; content: string } | null
}

/** The server refused or could not be reached. `permanent` means trying again is of no use (SMTP 5xx). */
export class MailFailure extends Error {
  readonly permanent: boolean
  readonly code: string

  constructor(code: string, permanent: boolean, cause: unknown) {
    super(code, { cause })
    this.name = 'MailFailure'
    this.code = code
    this.permanent = permanent
  }
}

export interface MailTransport {
  /** False while no outgoing server is known: mails wait as deliveries. */
  readonly configured: boolean
  /** Resolves when the server has taken the message. @throws MailFailure */
  send(mail: OutgoingMail): Promise<void>
  close(): Promise<void>
}
