import { createTransport, type NodemailerError, type SMTPPoolOptions } from 'nodemailer'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { MailCatcher } from './catcher.ts'
import { catchesMails, MailFailure, type MailFailureCode, type MailTransport, type OutgoingMail } from './transport.ts'

/** A relay that does not answer holds up one delivery, not the worker. */
const TIMEOUTS = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }

/** Failures of the installation rather than of one recipient: worth an operator's look. */
const FOR_THE_OPERATOR: ReadonlySet<MailFailureCode> = new Set([
  'mail_sender_refused',
  'mail_sign_in_failed',
  'mail_tls_failed',
])

/**
 * Where mails go: the configured server, else the catcher inside this instance, else nowhere, and then they wait.
 * @throws when the catcher cannot listen or write.
 */
export async function createMailTransport(config: Config, log: Log): Promise<MailTransport> {
  if (config.mail !== null) {
    const { host, port, secure, user, password, name } = config.mail
    const auth = user === null ? undefined : { user, pass: password ?? '' }
    // On the way to the same machine a certificate protects nothing, and local relays come with self-signed ones.
    const tls = { rejectUnauthorized: !isLoopback(host) }
    return smtpTransport({ host, port, secure, auth, tls, name: name ?? publicName(config.url) }, config, log, null)
  }
  if (catchesMails(config)) {
    const { startMailCatcher } = await import('./catcher.ts')
    const catcher = await startMailCatcher(config.dataDir, log)
    return smtpTransport({ host: '127.0.0.1', port: catcher.port, ignoreTLS: true }, config, log, catcher)
  }
  return {
    configured: false,
    send: async () => {
      throw new MailFailure('mail_unreachable', false, 'No outgoing mail server is configured.')
    },
    close: async () => {},
  }
}

function smtpTransport(
  server: SMTPPoolOptions,
  { mailFrom }: Config,
  log: Log,
  catcher: MailCatcher | null,
): MailTransport {
  const pool = createTransport({
    ...TIMEOUTS,
    ...server,
    pool: true,
    maxConnections: 4,
    // Deliveries do the retrying. A pool that sends again by itself cannot know whether the server had taken the message.
    maxRequeues: 0,
    idleTimeout: 15_000,
  })
  // Errors of idle connections; those of a message reach its sender.
  pool.on('error', (error) => log.debug({ err: error }, 'mail connection'))

  return {
    configured: true,
    async send(mail) {
      requireAddress(mail.to.address)
      try {
        await pool.sendMail(messageFrom(mail, mailFrom))
      } catch (error) {
        const failure = failureFrom(error as NodemailerError)
        if (FOR_THE_OPERATOR.has(failure.code)) log.error({ err: failure }, 'the mail server refuses this installation')
        throw failure
      }
    },
    async close() {
      pool.close()
      await catcher?.close()
    },
  }
}

function messageFrom(mail: OutgoingMail, from: Config['mailFrom']) {
  const replyTo = mail.replyTo && isAddress(mail.replyTo.address) ? party(mail.replyTo) : undefined
  return {
    from: party(from),
    to: party(mail.to),
    replyTo,
    subject: oneLine(mail.subject),
    // Said outright, so that no header decides who gets the message.
    envelope: { from: { address: from.address }, to: [{ address: mail.to.address }] },
    messageId: `<${mail.messageId}>`,
    text: mail.text,
    html: mail.html,
    icalEvent: mail.calendar
      ? { method: mail.calendar.method, content: mail.calendar.content, filename: 'invite.ics' }
      : undefined,
    // RFC 3834: keeps absence notes from answering.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function party({ name, address }: { name: string; address: string }) {
  return { name: oneLine(name).slice(0, 200), address }
}

/** Header fields are one line each: whatever could end a line is a space. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

/** One plain mailbox (RFC 5321 §4.1.2 without quoted local parts), international ones included (RFC 6531). */
const ADDRESS = /^[^\s\p{Cc}@<>()[\]\\,;:"]{1,64}@[^\s\p{Cc}@<>()[\]\\,;:"]{1,255}$/u

function isAddress(address: string): boolean {
  return address.length <= 254 && ADDRESS.test(address)
}

function requireAddress(address: string): void {
  if (!isAddress(address)) throw new MailFailure('mail_address_invalid', true, oneLine(address).slice(0, 254))
}

function failureFrom(error: NodemailerError): MailFailure {
  const detail = oneLine(error.response ?? error.message).slice(0, 500)
  const { code, permanent } = verdictOn(error)
  return new MailFailure(code, permanent, detail, error)
}

function verdictOn({ code, command, responseCode, permanent }: NodemailerError): {
  code: MailFailureCode
  permanent: boolean
} {
  if (code === 'EAUTH' || code === 'ENOAUTH') return { code: 'mail_sign_in_failed', permanent: false }
  if (code === 'ETLS') return { code: 'mail_tls_failed', permanent: false }
  if (responseCode === undefined || (code !== 'EENVELOPE' && code !== 'EMESSAGE')) {
    return { code: 'mail_unreachable', permanent: false }
  }
  if (permanent !== true) return { code: 'mail_deferred', permanent: false }
  // 530 asks to sign in first; it and a refused sender are mended in the configuration, and the mail with them.
  if (responseCode === 530) return { code: 'mail_sign_in_failed', permanent: false }
  if (command === 'MAIL FROM') return { code: 'mail_sender_refused', permanent: false }
  return { code: 'mail_rejected', permanent: true }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || host.startsWith('127.')
}

/** Said in EHLO. A bare host name or an address of our own machine would be refused by relays that check it. */
function publicName(url: URL): string | undefined {
  return url.hostname.includes('.') && !isLoopback(url.hostname) ? url.hostname : undefined
}
