import type { Temporal } from 'temporal-polyfill'
import { translatorFor } from '#platform/i18n/messages.ts'
import { type CalendarEvent, calendarText, freeBusyText } from '#platform/icalendar.ts'
import { calendarUid, descriptionOf, entryOf, placeOf } from '../entries/types.ts'
import type { FeedBooking, OpenFeed } from './queries.ts'
import { joinedTimes } from './rules.ts'
import type { BusyTime } from './types.ts'

/** How often calendars are asked to look for news. Most of them look when it suits them. */
const REFRESH_MINUTES = 15

/** The bookings of a feed's owner as RFC 5545 text, in the owner's language. The same bookings give the same text. */
export function feedText(feed: OpenFeed, bookings: readonly FeedBooking[], url: URL): string {
  const t = translatorFor(feed.owner.locale)
  const name = t(feed.details ? 'feeds.calendar_name' : 'feeds.calendar_busy', { name: feed.owner.name })
  const events = bookings.map((booking) => (feed.details ? wholeEntry : busyEntry)(booking, feed, url))
  return calendarText({ name, refreshMinutes: REFRESH_MINUTES, events })
}

/** Everything a host may know, and the way to the page of the booking. */
function wholeEntry(booking: FeedBooking, { owner }: OpenFeed, url: URL): CalendarEvent {
  const t = translatorFor(owner.locale)
  const link = new URL(`/bookings/detail/${booking.uid}`, url).href
  const people = booking.attendees.map(({ name, email, companions }) =>
    [name === email ? email : `${name} <${email}>`, ...companions.map((one) => one.name)].join(', '),
  )
  const words = { reader: 'host', locale: owner.locale, yes: t('ui.yes'), no: t('ui.no') } as const
  // Where several share a booking, what one of them answered is not about all.
  const notes = booking.eventType?.hideNotes ? '' : booking.notes
  const said = booking.seats || !hasBooker(booking) ? notes : descriptionOf(booking, words)
  const description = [people.join('\n'), said, t('mail.calendar.manage', { url: link })].filter(Boolean).join('\n\n')
  const place = placeOf(booking.location)
  const neutral = t('mail.calendar.private')
  return entryOf(booking, { url, stamp: booking.updatedAt, description, link, place, neutral, mailbox: null })
}

function hasBooker(booking: FeedBooking): boolean {
  return booking.attendees.some(({ kind }) => kind === 'booker')
}

/** That there is something, and nothing of what it is. */
function busyEntry(
  { uid, sequence, start, end, status, updatedAt }: FeedBooking,
  { owner }: OpenFeed,
  url: URL,
): CalendarEvent {
  return {
    ...{ uid: calendarUid({ uid: `busy/${uid}` }, url), sequence, stamp: updatedAt, start, end },
    status: status === 'pending' ? 'TENTATIVE' : 'CONFIRMED',
    summary: translatorFor(owner.locale)('feeds.busy'),
  }
}

/** When a feed's owner is busy, and nothing else: not who they are, what they do, or how much of it. */
export function busyText(
  feed: OpenFeed,
  times: readonly BusyTime[],
  { url, now, span }: { url: URL; now: Temporal.Instant; span: { from: number; until: number } },
): string {
  const uid = calendarUid({ uid: `free-busy/${feed.id}` }, url)
  return freeBusyText({ uid, stamp: now, ...span, busy: joinedTimes(times, span) })
}
