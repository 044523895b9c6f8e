import { messagesOf } from '#platform/i18n/messages.ts'
import type { LayoutServerLoad } from './$types'

/** Words that no other public page has use for. */
export const load: LayoutServerLoad = ({ locals: { ctx } }) => ({
  texts: messagesOf(ctx.locale, ['ui', 'public', 'errors', 'my-bookings']),
})
