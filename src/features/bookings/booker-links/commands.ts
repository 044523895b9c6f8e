import { hashToken, uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { parseInput } from '#platform/input.ts'
import { bookingError } from '../errors.ts'
import { LINK_SUBJECT, tokenOf } from './queries.ts'
import { LINK_MINUTES } from './rules.ts'
import { askForLinkSchema } from './schema.ts'

const SENT_TO_ADDRESS = { name: 'booker-link-sent', attempts: 3, seconds: 900 }
const ASKED_BY_CLIENT = { name: 'booker-link-asked', attempts: 10, seconds: 900 }

/**
 * Mails a link to everything that was booked with an address. The answer, the work and the time it takes are the same whether or not
 * anything was: that is found out when the mail is written, and then there is none.
 * @throws invalid_input, booker_links_unavailable, rate_limited
 */
export async function askForBookerLink(ctx: Ctx, input: unknown): Promise<void> {
  const { email } = parseInput(askForLinkSchema, input)
  if (!ctx.mail.configured) throw bookingError('booker_links_unavailable')
  await ctx.rateLimiter.consume(ASKED_BY_CLIENT, ctx.clientAddress)
  await ctx.rateLimiter.consume(SENT_TO_ADDRESS, email)
  const now = ctx.clock.now()
  const id = uuidv7()
  await transaction(ctx.db, async (tx) => {
    await tx
      .insertInto('booker_links')
      .values({
        ...{ id, email, locale: ctx.locale, token_hash: hashToken(tokenOf(ctx, id)) },
        ...{ created_at: now, expires_at: now.add({ minutes: LINK_MINUTES }) },
      })
      .execute()
    await planDeliveries(tx, ctx, [
      { eventId: null, subject: LINK_SUBJECT + id, kind: 'mail', topic: 'booker_link', target: 'booker', version: 0 },
    ])
  })
}
