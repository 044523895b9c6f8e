import type { Temporal } from 'temporal-polyfill'
import type { Config } from '#platform/config.ts'
import { deriveKey } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { bookingById, bookingsOfSeries } from '../../queries.ts'
import type { Booking, BookingHost } from '../../types.ts'
import { closingOf, isSigned, LINK_DAYS, linkIn, tokenFor } from './rules.ts'
import type { AnswerLink, Asked, Question } from './types.ts'

/** Where a host answers a question that is mailed to them at `at`. The same mail has the same link. */
export function answerPath(
  { secret }: Pick<Config, 'secret'>,
  question: Question,
  { host: { id: hostId, email }, at }: { host: Pick<BookingHost, 'id' | 'email'>; at: Temporal.Instant },
): string {
  const until = Math.floor(at.epochMilliseconds / 1000) + LINK_DAYS * 86_400
  return `/answer/${tokenFor(keyOf(secret), { ...question, hostId, until }, email)}`
}

/** One statement: what a link is about, whether or not it can answer it still. Null for every link that is not ours. */
export async function askedByLink({ db, config, clock }: Ctx, token: string): Promise<Asked | null> {
  const link = linkIn(token)
  if (!link) return null
  const bookings = link.of === 'series' ? await bookingsOfSeries(db, link.id) : oneOf(await bookingById(db, link.id))
  const [first] = bookings
  const host = first && [first.host, ...first.coHosts].find(({ id }) => id === link.hostId)
  if (!host || !isSigned(keyOf(config.secret), token, host.email)) return null
  const now = clock.now().epochMilliseconds
  const asked = bookings.filter((booking) => link.of === 'booking' || wasAsked(booking, link))
  const open = asked.filter((booking) => closingOf(booking, link, now) === null)
  const closing = closingOf(asked[0] ?? first, link, now) ?? 'expired'
  return { link, host, bookings: asked, open, closing }
}

function oneOf(booking: Booking | null): Booking[] {
  return booking ? [booking] : []
}

/** Of a series, dates may have been accepted from the start. */
function wasAsked({ status, sequence }: Booking, link: AnswerLink): boolean {
  return status !== 'accepted' || sequence > link.sequence
}

function keyOf(secret: Buffer): Buffer {
  return deriveKey(secret, 'answer-links')
}
