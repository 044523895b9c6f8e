import { messagesOf } from '#platform/i18n/messages.ts'
import { askedOf } from '../../answer.server.ts'
import type { LayoutServerLoad } from './$types'

/** Words that no other public page has use for. */
export const load: LayoutServerLoad = async (event) => {
  await askedOf(event)
  return { texts: messagesOf(event.locals.ctx.locale, ['ui', 'public', 'errors', 'answer']) }
}
