import type { RequestEvent } from '@sveltejs/kit'
import { askedByLink } from '#features/bookings/answering/links/queries.ts'
import type { Asked } from '#features/bookings/answering/links/types.ts'
import { isLocale } from '#platform/i18n/locale.ts'

const ROUTE = '/(public)/answer/[token]'

/** What the link of this page asks its host, read once per request; the page speaks their language, as the mail did. */
export function askedOf({ locals, params, route }: RequestEvent): Promise<Asked | null> {
  if (route.id !== ROUTE) return Promise.resolve(null)
  locals.asked ??= read()
  return locals.asked

  async function read(): Promise<Asked | null> {
    const { ctx } = locals
    const asked = await askedByLink(ctx, params.token ?? '')
    if (asked && isLocale(asked.host.locale)) ctx.locale = asked.host.locale
    return asked
  }
}
