import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '#platform/config.ts'
import { createLog } from '#platform/log.ts'
import { type MailServer, type MailServerOptions, startMailServer } from '#test/mail-server.ts'
import { caughtMail, caughtMails } from './catcher.ts'
import { createMailTransport } from './smtp.ts'
import { MailFailure, type MailTransport, type OutgoingMail } from './transport.ts'

const log = createLog('silent')
const undo: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const mail: OutgoingMail = {
  messageId: 'one@book.example.org',
  to: { name: 'Bo Visitor', address: 'bo@example.net' },
  replyTo: { name: 'Ada', address: 'ada@example.org' },
  subject: 'Confirmed: A talk',
  text: 'Hello',
  html: '<p>Hello</p>',
  calendar: null,
}

async function transport(env: Record<string, string>): Promise<{ transport: MailTransport; dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sundial-mail-'))
  const made = await createMailTransport(loadConfig({ SUNDIAL_DATA_DIR: dataDir, ...env }), log)
  undo.push(async () => {
    await made.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { transport: made, dataDir }
}

async function withServer(options: MailServerOptions = {}, login = ''): Promise<[MailTransport, MailServer]> {
  const server = await startMailServer(options)
  undo.push(() => server.close())
  const { transport: made } = await transport({
    SUNDIAL_SMTP_URL: `smtp://${login}127.0.0.1:${server.port}`,
    SUNDIAL_MAIL_FROM: 'Front desk <desk@book.example.org>',
    SUNDIAL_MAIL_FROM_NAME: 'Front desk',
  })
  return [made, server]
}

async function failureOf(sending: Promise<void>): Promise<MailFailure> {
  const failure = await sending.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(failure instanceof MailFailure)) throw new Error(`expected a MailFailure, got ${failure}`)
  return failure
}

describe('a configured server', () => {
  it('gets the message with its own envelope, reply address, alternatives and calendar', async () => {
    const [smtp, { mails }] = await withServer()
    const content = 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX-NAME:Zoë\r\nEND:VCALENDAR\r\n'
    await smtp.send({ ...mail, calendar: { method: 'REQUEST', content } })
    const [{ email, envelope, messageId, raw }] = mails as [(typeof mails)[0]]
    expect(envelope).toEqual({ from: 'desk@book.example.org', to: ['bo@example.net'] })
    expect(messageId).toBe('one@book.example.org')
    expect(email.from).toMatchObject({ name: 'Front desk', address: 'desk@book.example.org' })
    expect(email.replyTo).toMatchObject([{ name: 'Ada', address: 'ada@example.org' }])
    expect(email.text?.trim()).toBe('Hello')
    expect(email.html).toContain('<p>Hello</p>')
    expect(raw).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=REQUEST$/im)
    expect(raw).toMatch(/^Auto-Submitted: auto-generated$/im)
    const parts = email.attachments.filter(({ mimeType }) => /calendar|ics/.test(mimeType))
    expect(parts.map(({ mimeType, filename }) => [mimeType, filename])).toEqual([
      ['text/calendar', null],
      ['application/ics', 'invite.ics'],
    ])
    for (const { content: part } of parts) {
      const text = typeof part === 'string' ? part : new TextDecoder().decode(part)
      expect(text.trim().split(/\r?\n/)).toEqual(content.trim().split('\r\n'))
    }
    // The parser evens out line ends; the bytes on the wire have those of RFC 5545.
    expect(raw.replace(/\r\n/g, '')).toContain(Buffer.from(content).toString('base64'))
  })

  it('never lets a name, a subject or a reply address make a header or a recipient', async () => {
    const [smtp, { mails }] = await withServer()
    const evil = 'x\r\nBcc: victim@example.com\r\n\r\n<script>\n\u2028To: other@example.com\u0000'
    await smtp.send({
      ...mail,
      to: { name: evil, address: 'bo@example.net' },
      replyTo: { name: evil, address: 'ada@example.org\r\nBcc: victim@example.com' },
      subject: evil,
    })
    const [{ email, envelope, raw }] = mails as [(typeof mails)[0]]
    expect(envelope.to).toEqual(['bo@example.net'])
    expect(email.headers.map(({ key }) => key).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-auto-response-suppress',
    ])
    expect(email.to).toHaveLength(1)
    expect(email.to?.[0]).toMatchObject({ address: 'bo@example.net' })
    expect(email.bcc ?? []).toEqual([])
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^(bcc|cc):/im)
    expect(email.subject).toBe('x Bcc: victim@example.com <script> To: other@example.com')
  })

  it('refuses what is not one address, before anything is sent', async () => {
    const [smtp, { mails }] = await withServer()
    const wrong = [
      '',
      'bo',
      'bo@',
      '@example.net',
      'a@example.net, b@example.net',
      'a@example.net;b@example.net',
      'Bo <bo@example.net>',
      'bo@example.net\r\nRCPT TO:<victim@example.com>',
      'bo@exa mple.net',
      '"quoted\\"@x"@example.net',
      `${'a'.repeat(250)}@example.net`,
      'group: a@example.net;',
    ]
    for (const address of wrong) {
      const failure = await failureOf(smtp.send({ ...mail, to: { name: '', address } }))
      expect([address, failure.code, failure.permanent]).toEqual([address, 'mail_address_invalid', true])
    }
    expect(mails).toEqual([])
  })

  it('takes names and addresses in any script', async () => {
    const [smtp, { mails }] = await withServer()
    await smtp.send({
      ...mail,
      to: { name: 'Ngữ Đặng, "Zoë" (山田)', address: 'zoë@bücher.example' },
      subject: 'Bestätigt: Gespräch mit 山田 🙂',
    })
    const [{ email }] = mails as [(typeof mails)[0]]
    expect(email.to?.[0]).toMatchObject({ name: 'Ngữ Đặng, "Zoë" (山田)', address: 'zoë@bücher.example' })
    expect(email.subject).toBe('Bestätigt: Gespräch mit 山田 🙂')
  })

  it('signs in where it is told to', async () => {
    const login = { user: 'ada@example.org', password: 'p@ss:w/rd' }
    const [smtp, { mails }] = await withServer(
      { login },
      `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`,
    )
    await smtp.send(mail)
    expect(mails).toHaveLength(1)
  })

  const refusals: [string, MailServerOptions, string, MailFailure['code'], boolean, RegExp][] = [
    [
      'a recipient for good',
      { atRecipient: () => ({ code: 550, text: 'No such user' }) },
      '',
      'mail_rejected',
      true,
      /550.*No such user/,
    ],
    [
      'a recipient for now',
      { atRecipient: () => ({ code: 450, text: 'Greylisted' }) },
      '',
      'mail_deferred',
      false,
      /450.*Greylisted/,
    ],
    [
      'the content for good',
      { atMessage: () => ({ code: 554, text: 'Looks like spam' }) },
      '',
      'mail_rejected',
      true,
      /554.*spam/,
    ],
    ['the content for now', { atMessage: () => ({ code: 451, text: 'Try later' }) }, '', 'mail_deferred', false, /451/],
    [
      'our sender address',
      { atSender: () => ({ code: 553, text: 'Not yours' }) },
      '',
      'mail_sender_refused',
      false,
      /553/,
    ],
    [
      'our sender address for now',
      { atSender: () => ({ code: 421, text: 'Busy' }) },
      '',
      'mail_deferred',
      false,
      /421/,
    ],
    ['our password', { login: { user: 'a', password: 'b' } }, 'a:wrong@', 'mail_sign_in_failed', false, /535/],
    ['us without a password', { login: { user: 'a', password: 'b' } }, '', 'mail_sign_in_failed', false, /530/],
  ]
  for (const [what, options, login, code, permanent, detail] of refusals) {
    it(`that refuses ${what} is ${code}`, async () => {
      const [smtp, { mails }] = await withServer(options, login)
      const failure = await failureOf(smtp.send(mail))
      expect(failure).toMatchObject({ code, permanent })
      expect(failure.detail).toMatch(detail)
      expect(mails).toEqual([])
    })
  }

  it('that is not there, or speaks no TLS where TLS is asked for, may be back later', async () => {
    const [smtp, server] = await withServer()
    await smtp.send(mail)
    await server.close()
    expect(await failureOf(smtp.send({ ...mail, messageId: 'two' }))).toMatchObject({
      code: 'mail_unreachable',
      permanent: false,
    })
    const plain = await startMailServer({ port: server.port })
    undo.push(() => plain.close())
    await smtp.send({ ...mail, messageId: 'three' })
    expect(plain.mails.map(({ messageId }) => messageId)).toEqual(['three'])

    const { transport: secure } = await transport({ SUNDIAL_SMTP_URL: `smtps://127.0.0.1:${plain.port}` })
    const failure = await failureOf(secure.send(mail))
    expect(['mail_unreachable', 'mail_tls_failed']).toContain(failure.code)
    expect(failure.permanent).toBe(false)
  })
})

describe('no server', () => {
  it('says that it is not configured', async () => {
    const { transport: none } = await transport({ SUNDIAL_MAIL_CATCHER: 'off' })
    expect(none.configured).toBe(false)
    expect(await failureOf(none.send(mail))).toMatchObject({ permanent: false })
  })
})

describe('the catcher', () => {
  it('keeps each message once, across restarts', async () => {
    const { transport: catching, dataDir } = await transport({ SUNDIAL_MAIL_CATCHER: 'on' })
    expect(catching.configured).toBe(true)
    await catching.send(mail)
    await catching.send(mail)
    await catching.send({ ...mail, messageId: 'two@book.example.org', subject: 'Zwei' })
    await catching.close()
    const caught = await caughtMails(dataDir)
    const emails = await Promise.all(caught.map(({ raw }) => PostalMime.parse(raw)))
    expect(emails.map(({ subject }) => subject).sort()).toEqual(['Confirmed: A talk', 'Zwei'])
    const [first] = caught
    expect((await caughtMail(dataDir, first?.id ?? ''))?.raw.equals(first?.raw as Buffer)).toBe(true)
    expect(await caughtMail(dataDir, '../../secret')).toBeNull()
    expect(await caughtMail(dataDir, 'f'.repeat(32))).toBeNull()
  })
})
