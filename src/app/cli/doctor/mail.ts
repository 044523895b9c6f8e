import type { Config } from '#platform/config.ts'
import { randomUid } from '#platform/crypto.ts'
import type { Log } from '#platform/log.ts'
import { createMailTransport } from '#platform/mail/smtp.ts'
import { MailFailure, type MailFailureCode } from '#platform/mail/transport.ts'
import type { Finding } from './finding.ts'

const SUBJECT = 'mail'

const FIXES: Record<MailFailureCode, string> = {
  mail_address_invalid: 'Give one plain mail address with --to.',
  mail_rejected: 'The server refuses this recipient or this text: try another with --to, or ask its operator.',
  mail_deferred: 'The server asks to come back later. Run this again in a few minutes.',
  mail_sender_refused: 'Set SUNDIAL_MAIL_FROM to an address that this server lets you send from.',
  mail_sign_in_failed:
    'Check user and password in SUNDIAL_SMTP_URL; characters such as @ and : are written %40 and %3A.',
  mail_tls_failed: 'Use smtps:// for port 465 and smtp:// for 587; the certificate must be valid for that host name.',
  mail_unreachable: 'Check host and port in SUNDIAL_SMTP_URL, and that this machine may open that port.',
}

/** Sends a real mail the way bookings do. */
export async function mailFindings(config: Config, log: Log, to: string): Promise<Finding[]> {
  const transport = await createMailTransport(config, log)
  if (!transport.configured) {
    const fix = 'Set SUNDIAL_SMTP_URL=smtp://user:password@host:587 and restart; until then mails wait.'
    return [{ subject: SUBJECT, ok: false, text: 'no outgoing mail server is configured', fix }]
  }
  const server = config.mail ? `${config.mail.host}:${config.mail.port}` : 'the catcher of this instance'
  try {
    await transport.send({
      messageId: `doctor-${randomUid()}@${config.url.hostname}`,
      to: { name: '', address: to },
      replyTo: null,
      subject: `Sundial at ${config.url.host} can send mail`,
      text: `This mail was sent by the doctor command of Sundial at ${config.url.origin}. Nothing needs to be done.\n`,
      html: `<p>This mail was sent by the doctor command of Sundial at ${config.url.origin}. Nothing needs to be done.</p>`,
      calendar: null,
    })
    return [{ subject: SUBJECT, ok: true, text: `${server} took a mail to ${to}` }]
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    const { code, detail } = error
    return [
      { subject: SUBJECT, ok: false, text: `${server} did not take a mail to ${to}: ${detail}`, fix: FIXES[code] },
    ]
  } finally {
    await transport.close()
  }
}
