import type { RequestEvent } from '@sveltejs/kit'
import type { Locale } from '#platform/i18n/locale.ts'
import { askedOf } from './answer.server.ts'
import { bookingOf } from './booking.server.ts'
import { offerOf } from './offer.server.ts'

/**
 * Waits for what a page is about, because it may insist on a language: layout and page share one read of it.
 * @returns the language it insists on
 */
export async function settledLanguage(event: RequestEvent): Promise<Locale | null> {
  const asked = await askedOf(event)
  if (asked) return event.locals.ctx.locale
  const { user, slug, uid, token } = event.params as Record<string, string | undefined>
  if (uid !== undefined) return (await bookingOf(event, uid))?.eventType?.language ?? null
  if (slug === undefined) return null
  const address = token === undefined ? { user: user ?? '', slug } : { token }
  return (await offerOf(event, address))?.offer.eventType.language ?? null
}
