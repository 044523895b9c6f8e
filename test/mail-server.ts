import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A message that the server took. */
export interface ReceivedMail {
  /** Without angle brackets. */
  messageId: string
  envelope: { from: string; to: string[] }
  raw: string
  email: Email
}

/** What the server says at one step: nothing to go on, or an SMTP reply that refuses. */
export type Refusal = { code: number; text: string } | null

export interface MailServerOptions {
  port?: number
  /** Asked at RCPT TO. */
  atRecipient?: (address: string) => Refusal
  /** Asked at MAIL FROM. */
  atSender?: (address: string) => Refusal
  /** Asked when the message is complete, before it counts as taken; may take its time. */
  atMessage?: (mail: ReceivedMail) => Refusal | Promise<Refusal>
  /** Asks for this user name and password. */
  login?: { user: string; password: string }
}

export interface MailServer {
  port: number
  /** In the order they were taken. */
  mails: ReceivedMail[]
  /** Waits until so many were taken. @throws after `ms` */
  received(count: number, ms?: number): Promise<ReceivedMail[]>
  close(): Promise<void>
}

/** A real SMTP server on the loopback that keeps what it takes. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const { atRecipient, atSender, atMessage, login } = options
  const server = new SMTPServer({
    disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(replyOf({ code: 535, text: 'Wrong user name or password' })),
    onMailFrom: ({ address }, _session, done) => done(replyOf(atSender?.(address))),
    onRcptTo: ({ address }, _session, done) => done(replyOf(atRecipient?.(address))),
    onData: (stream, { envelope }, done) => {
      const take = async () => {
        const raw = await buffer(stream)
        const email = await PostalMime.parse(raw)
        const mail: ReceivedMail = {
          messageId: (email.messageId ?? '').replace(/^<|>$/g, ''),
          envelope: {
            from: envelope.mailFrom ? envelope.mailFrom.address : '',
            to: envelope.rcptTo.map(({ address }) => address),
          },
          raw: raw.toString('latin1'),
          email,
        }
        const refusal = await atMessage?.(mail)
        if (!refusal) mails.push(mail)
        return replyOf(refusal)
      }
      take().then(done, done)
    },
  })
  // Clients that are killed break off.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()))
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    async received(count, ms = 10_000) {
      const until = performance.now() + ms
      while (mails.length < count) {
        if (performance.now() > until) throw new Error(`${mails.length} of ${count} mails after ${ms} ms`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return mails
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function replyOf(refusal: Refusal | undefined): Error | null {
  return refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null
}
