import type { Temporal } from 'temporal-polyfill'
import type { Config } from '#platform/config.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { MailParty, OutgoingMail } from '#platform/mail/transport.ts'
import { answerPath } from '../bookings/answering/links/queries.ts'
import type { Question } from '../bookings/answering/links/types.ts'
import { bookerOf, descriptionOf, type EntryOptions, mailboxFor, placeOf } from '../bookings/entries/types.ts'
import type { Booking } from '../bookings/types.ts'
import { calendarObject, icsFor } from './calendar.ts'
import { contentOf, type Link } from './content.ts'
import { htmlOf, textOf } from './layout.ts'
import { type CalendarMessage, calendarMessage, hostIdOf } from './rules.ts'
import type { Change, Recipient } from './types.ts'

export interface Letter {
  /** Of the delivery, so that a repeated mail can be told from a new one. */
  id: string
  /** When it was first to be sent; the calendar entry in it is of that moment. */
  at: Temporal.Instant
  booking: Booking
  /** What the reader's calendar is to have: the booking, or each of a series. */
  entries: readonly Booking[]
  change: Change
  recipient: Recipient
  /** What a host is asked to answer. */
  question: Question | null
}

/** What of the configuration a mail says. */
type Instance = Pick<Config, 'url' | 'mailFrom' | 'secret'>

/** The whole mail about one change, for one recipient, in their language, zone and clock. The same input gives the same mail. */
export function composeMail(
  { id, at, booking, entries, change, recipient, question }: Letter,
  { url, mailFrom, secret }: Instance,
): OutgoingMail {
  const t = translatorFor(recipient.locale)
  const host = [booking.host, ...booking.coHosts].find((one) => one.id === hostIdOf(recipient))
  const answer = host && question ? answerPath({ secret }, question, { host, at }) : null
  const content = contentOf(booking, change, recipient, { t, url, answer })
  const message = calendarMessage(change, recipient.role)
  const words = { reader: recipient.role, locale: recipient.locale, yes: t('ui.yes'), no: t('ui.no') }
  const options = (dated: Booking): EntryOptions => {
    const link = manageLink(recipient, dated, url)
    return {
      ...{ url, stamp: at, link: link?.href ?? null, neutral: t('mail.calendar.private') },
      mailbox: mailboxFor(dated, recipient.role, mailFrom.address),
      description: [descriptionOf(dated, words), link && t('mail.calendar.manage', { url: link.href })]
        .filter(Boolean)
        .join('\n\n'),
      place: recipient.role === 'guest' && isByPhone(dated) ? t('mail.where.by_phone') : placeOf(dated.location),
    }
  }
  return {
    messageId: `${id}@${url.hostname}`,
    to: { name: recipient.name, address: recipient.email },
    replyTo: otherSide(recipient, booking, mailFrom.address),
    subject: content.subject,
    text: textOf(content),
    html: htmlOf(content, recipient.locale, booking.host.brandColor),
    calendar: message && calendarPart(message, entries, options),
  }
}

function calendarPart(
  message: CalendarMessage,
  entries: readonly Booking[],
  options: (booking: Booking) => EntryOptions,
): OutgoingMail['calendar'] {
  const [first] = entries
  if (!first) return null
  const { method } = message
  const content =
    message.method === 'PUBLISH'
      ? icsFor(entries.map((booking) => ({ booking, options: options(booking) })))
      : calendarObject(first, message, options(first))
  return { method, content }
}

function manageLink({ role }: Recipient, { uid }: Booking, url: URL): Pick<Link, 'href'> | null {
  if (role === 'guest') return null
  return { href: `${url.origin}${role === 'host' ? '/bookings/detail' : '/booking'}/${uid}` }
}

function isByPhone({ location }: Booking): boolean {
  return location?.kind === 'attendee_phone'
}

/** An answer to the mail reaches a person: host and booker each other, a guest the host. */
function otherSide({ role }: Recipient, booking: Booking, instance: string): MailParty {
  const other = role === 'host' ? bookerOf(booking) : booking.host
  const chosen = role === 'host' ? null : (booking.eventType?.replyTo ?? mailboxFor(booking, role, instance))
  return { name: other.name, address: chosen ?? other.email }
}
