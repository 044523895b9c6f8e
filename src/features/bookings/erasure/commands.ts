import { addressesOfAccount } from '#features/accounts/verified-emails/queries.ts'
import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { rehearse, type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { parseInput } from '#platform/input.ts'
import { forgetMails } from '#platform/mail/catcher.ts'
import { catchesMails } from '#platform/mail/transport.ts'
import { userScope } from '#platform/scope.ts'
import { blockOf } from '../blocks/queries.ts'
import { bookingError } from '../errors.ts'
import { callOff } from './calling-off/commands.ts'
import { erasureError } from './errors.ts'
import { erasureDone, erasureRequested } from './events.ts'
import { addressesOf, addressHash, bookedAhead, erasedBefore } from './queries.ts'
import { erasePeople } from './rows.ts'
import { beginningOf, eraseBeforeSchema, eraseSchema, previewSchema } from './schema.ts'
import { addCounts, type ErasureCounts, type ErasurePreview } from './types.ts'

/** Mails that tell of a cancellation are waited for no longer. */
const MOST_HOURS = 24

/**
 * What forgetting an address would do, found out by doing it in a transaction that is taken back: there is no second opinion.
 * @throws invalid_input, nothing_to_erase
 */
export async function previewErasure(ctx: Ctx, input: unknown): Promise<ErasurePreview> {
  const scope = userScope(ctx)
  const { email } = parseInput(previewSchema, input)
  const [earlier, block] = await Promise.all([erasedBefore(ctx, scope, email), blockOf(ctx.db, scope.userId, email)])
  const emails = await addressesOf(ctx.db, scope.userId, email)
  const { counts, ahead } = await rehearse(ctx.db, async (tx) => {
    const booked = await bookedAhead(tx, { userId: scope.userId, emails, now: ctx.clock.now() })
    await callOff(tx, ctx, booked, { hostId: scope.userId, reason: '' })
    return { ahead: booked, counts: await eraseAddress(tx, ctx, { userId: scope.userId, email, keepBlock: false }) }
  })
  if (ahead.length === 0 && isNothing(counts)) throw erasureError('nothing_to_erase', { earlier: earlier ?? '' })
  return {
    ...{ email, others: emails.slice(1), counts: addCounts(counts, {}), ahead: ahead.length },
    ...{ blocked: block?.kind === 'email', earlier },
  }
}

/**
 * Forgets the person behind a mail address wherever they are among one's own bookings. Bookings stay as time that was busy. When some
 * are called off for it, the rest is done as soon as those concerned have been told.
 * @returns whether it is done already
 * @throws invalid_input, erasure_has_bookings_ahead, reason_required, nothing_to_erase
 */
export async function eraseAttendee(ctx: Ctx, input: unknown): Promise<{ id: string; done: boolean }> {
  const { userId } = userScope(ctx)
  const { email, ahead: decision, reason, keepBlock } = parseInput(eraseSchema, input)
  const id = uuidv7()
  const now = ctx.clock.now()
  const forgotten = await transaction(ctx.db, async (tx) => {
    const emails = await addressesOf(tx, userId, email)
    const ahead = await bookedAhead(tx, { userId, emails, now })
    if (ahead.length > 0 && decision === 'refuse') throw erasureError('erasure_has_bookings_ahead', { n: ahead.length })
    if (ahead.length > 0 && reason === '') throw bookingError('reason_required')
    const cancelled = await callOff(tx, ctx, ahead, { hostId: userId, reason })
    const waits = cancelled.length > 0 && ctx.mail.configured
    const counts: ErasureCounts = waits ? {} : await eraseAddress(tx, ctx, { userId, email, keepBlock })
    if (cancelled.length === 0 && isNothing(counts)) throw erasureError('nothing_to_erase', { earlier: '' })
    await tx
      .insertInto('erasures')
      .values({
        ...{ id, user_id: userId, kind: 'address', requested_at: now, keep_block: keepBlock },
        address_hash: addressHash(ctx, userId, email),
        counts: JSON.stringify(addCounts(counts, { cancelled: cancelled.length })),
        ...(waits
          ? { address: email, waits_for: cancelled, wait_until: now.add({ hours: MOST_HOURS }) }
          : { done_at: now }),
      })
      .execute()
    await emit(tx, ctx, erasureRequested, { erasureId: id, userId })
    if (!waits) await emit(tx, ctx, erasureDone, { erasureId: id, userId })
    return waits ? null : emails
  })
  if (forgotten) await eraseCaughtMails(ctx, userId, forgotten)
  return { id, done: forgotten !== null }
}

/**
 * Forgets everybody whose last booking ended before a day began. A worker does it, batch after batch.
 * @throws invalid_input, erasure_date_not_past, erasure_under_way
 */
export async function eraseBefore(ctx: Ctx, input: unknown, timeZone: string): Promise<{ id: string }> {
  const { userId } = userScope(ctx)
  const before = beginningOf(parseInput(eraseBeforeSchema, input).date, timeZone)
  if (before.epochMilliseconds > ctx.clock.now().epochMilliseconds) throw erasureError('erasure_date_not_past')
  return transaction(ctx.db, async (tx) => {
    const open = await tx
      .selectFrom('erasures')
      .where('user_id', '=', userId)
      .where('kind', '=', 'before')
      .where('done_at', 'is', null)
      .select('id')
      .executeTakeFirst()
    if (open) throw erasureError('erasure_under_way')
    return { id: await beginErasure(tx, ctx, { userId, kind: 'before', before }) }
  })
}

/** Writes down that many are to be forgotten; the work finds it. */
export async function beginErasure(
  tx: Tx,
  ctx: Ctx,
  { userId, kind, before }: { userId: number; kind: 'before' | 'timer'; before: ReturnType<typeof beginningOf> },
): Promise<string> {
  const id = uuidv7()
  await tx.insertInto('erasures').values({ id, user_id: userId, kind, before, requested_at: ctx.clock.now() }).execute()
  await emit(tx, ctx, erasureRequested, { erasureId: id, userId })
  return id
}

/** One person by one of their addresses, thoroughly. */
export async function eraseAddress(
  tx: Tx,
  ctx: Ctx,
  { userId, email, keepBlock }: { userId: number; email: string; keepBlock: boolean },
): Promise<ErasureCounts> {
  return erasePeople(tx, {
    ...{ userId, emails: await addressesOf(tx, userId, email), keepBlock, thorough: true, now: ctx.clock.now() },
    neutralTitle: await neutralTitle(tx, userId),
  })
}

/** What stands for a title that named somebody, in the host's language. */
export async function neutralTitle(tx: Tx, userId: number): Promise<string> {
  const { locale } = await tx.selectFrom('users').where('id', '=', userId).select('locale').executeTakeFirstOrThrow()
  return translatorFor(isLocale(locale) ? locale : 'en')('privacy.neutralTitle')
}

/** Mails between a host and these addresses that the instance has kept instead of sending. */
export async function eraseCaughtMails({ config, db }: Ctx, userId: number, emails: readonly string[]): Promise<void> {
  if (!catchesMails(config)) return
  for (const own of await addressesOfAccount(db, userId)) {
    for (const email of emails) await forgetMails(config.dataDir, [own, email])
  }
}

function isNothing(counts: ErasureCounts): boolean {
  return Object.values(counts).every((count) => count === 0)
}
