import { actingAs, type Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { bookingError } from '../../errors.ts'
import { confirmBooking, rejectBooking } from '../commands.ts'
import { askedByLink } from './queries.ts'
import { ANSWERING } from './rules.ts'
import { answerSchema } from './schema.ts'
import type { Closing } from './types.ts'

const REFUSALS = {
  confirmed: 'already_confirmed',
  rejected: 'already_rejected',
  cancelled: 'already_cancelled',
  called_off: 'already_cancelled',
  another_time: 'already_cancelled',
  moved: 'already_moved',
  over: 'already_over',
  expired: 'answer_link_expired',
} as const satisfies Record<Closing, string>

/**
 * A host answers by the link of a mail, without signing in. Who holds the link may do just this, and once: any answer makes it useless.
 * @throws rate_limited, invalid_input, answer_link_unknown, answer_link_expired, already_…
 */
export async function answerByLink(ctx: Ctx, token: string, input: unknown): Promise<void> {
  await ctx.rateLimiter.consume(ANSWERING, ctx.clientAddress)
  const given = parseInput(answerSchema, input)
  const asked = await askedByLink(ctx, token)
  if (!asked) throw bookingError('answer_link_unknown')
  const [first] = asked.open
  if (!first) throw bookingError(REFUSALS[asked.closing])
  const host = actingAs(ctx, { kind: 'user', userId: asked.host.id, role: 'member', via: 'mail_link' })
  const choice = {
    ...{ uid: first.uid, sequence: asked.link.sequence },
    ...(asked.link.of === 'series' && { series: true, asTold: true }),
  }
  if (given.answer === 'confirm') await confirmBooking(host, choice)
  else await rejectBooking(host, { ...choice, reason: given.reason })
}
