import type { Config } from '../config.ts'

export interface MailParty {
  name: string
  address: string
}

/** One message to one recipient. */
export interface OutgoingMail {
  /** Stable per delivery, so that a receiver can drop a repeated one (RFC 5322 §3.6.4). Without angle brackets. */
  messageId: string
  to: MailParty
  replyTo: MailParty | null
  subject: string
  text: string
  html: string
  /** RFC 5546 method and the iCalendar object. */
  calendar: { method: 'REQUEST' | 'CANCEL' | 'PUBLISH'; content: string } | null
}

/** Why a mail could not be handed over. Public: a code is shown to hosts as a sentence. */
export type MailFailureCode =
  /** The address cannot be one. */
  | 'mail_address_invalid'
  /** 5xx on the recipient or the content. */
  | 'mail_rejected'
  /** 4xx: greylisting, quota, overload. */
  | 'mail_deferred'
  /** 5xx on our own sender address. */
  | 'mail_sender_refused'
  | 'mail_sign_in_failed'
  | 'mail_tls_failed'
  | 'mail_unreachable'

/** The server refused or could not be reached. `permanent` means trying again is of no use. */
export class MailFailure extends Error {
  readonly permanent: boolean
  readonly code: MailFailureCode
  /** What the server said, in one line; empty when it said nothing. */
  readonly detail: string

  constructor(code: MailFailureCode, permanent: boolean, detail = '', cause?: unknown) {
    super(detail ? `${code}: ${detail}` : code, { cause })
    this.name = 'MailFailure'
    this.code = code
    this.permanent = permanent
    this.detail = detail
  }
}

export interface MailTransport {
  /** False while no outgoing server is known: mails wait as deliveries. */
  readonly configured: boolean
  /** Resolves when the server has taken the message. @throws MailFailure */
  send(mail: OutgoingMail): Promise<void>
  close(): Promise<void>
}

/** Mails stay in the instance, with a page to read them. */
export function catchesMails({ mail, mailCatcher }: Pick<Config, 'mail' | 'mailCatcher'>): boolean {
  return mail === null && mailCatcher
}
