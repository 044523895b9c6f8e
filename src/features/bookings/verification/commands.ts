import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { planDeliveries } from '#platform/deliveries.ts'
import { isAppError } from '#platform/errors.ts'
import { CODE_MINUTES, codeOf, isSameCode, MOST_TRIES } from '#platform/mail/codes.ts'
import { loadOffer, type OfferKey } from '../../availability/queries.ts'
import { hostIdsOf, type Offer } from '../../availability/types.ts'
import { NO_EVENT_TYPE } from '../../event-types/types.ts'
import { bookingError } from '../errors.ts'
import { partyOf } from '../policy.ts'
import { CODE_SUBJECT } from './queries.ts'
import { isAdmitted } from './rules.ts'

const SENT_TO_ADDRESS = { name: 'mail-code-sent', attempts: 5, seconds: 900 }
const SENT_BY_CLIENT = { name: 'mail-code-asked', attempts: 20, seconds: 900 }
const TRIED_FOR_ADDRESS = { name: 'mail-code-tried', attempts: 15, seconds: 900 }
const TRIED_BY_CLIENT = { name: 'mail-code-guessed', attempts: 40, seconds: 900 }
/** A code that is about to expire is not waited for. */
const SOON_SECONDS = 60

interface Wish {
  offer: OfferKey
  email: string
  /** Language of the mail. */
  locale: string
  /** Another one although one is under way; that one holds no longer. */
  anew: boolean
}

/**
 * Mails a code that proves that the address belongs to who books. What is under way is not sent twice unless asked for.
 * @throws event_type_not_found, email_not_admitted, mail_codes_unavailable, rate_limited
 */
export async function sendMailCode(ctx: Ctx, { offer: key, email, locale, anew }: Wish): Promise<void> {
  if (!ctx.mail.configured) throw bookingError('mail_codes_unavailable')
  const offer = await loadOffer(ctx.db, key)
  if (!offer) throw bookingError('event_type_not_found')
  if (!isAdmitted(email, offer.eventType)) throw bookingError('email_not_admitted')
  if (!anew && (await isUnderWay(ctx, offer, email))) return
  await ctx.rateLimiter.consume(SENT_TO_ADDRESS, email)
  await ctx.rateLimiter.consume(SENT_BY_CLIENT, ctx.clientAddress)
  const now = ctx.clock.now()
  const code = {
    ...purposeOf(offer),
    ...{ id: uuidv7(), email, locale: offer.eventType.language ?? locale },
    ...{ attempts: 0, created_at: now, expires_at: now.add({ minutes: CODE_MINUTES }) },
  }
  await transaction(ctx.db, async (tx) => {
    await tx.deleteFrom('mail_codes').where('expires_at', '<=', now).execute()
    await tx
      .insertInto('mail_codes')
      .values(code)
      .onConflict((conflict) =>
        conflict.columns([isOfGroup(offer) ? 'host_id' : 'event_type_id', 'email']).doUpdateSet(code),
      )
      .execute()
    const subject = CODE_SUBJECT + code.id
    await planDeliveries(tx, ctx, [
      { eventId: null, subject, kind: 'mail', topic: 'mail_code', target: 'booker', version: 0 },
    ])
  })
}

/**
 * Runs what books; where that wants the address proven, the code is mailed, and the refusal says so. It is mailed although everything
 * around it is taken back.
 * @throws what the work throws, and what sending throws
 */
export async function orSendMailCode<T>(ctx: Ctx, wish: Omit<Wish, 'anew'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (failure) {
    if (isAppError(failure) && failure.code === 'mail_code_required')
      await sendMailCode({ ...ctx, db: ctx.apart }, { ...wish, anew: false })
    throw failure
  }
}

function isOfGroup({ eventType }: Offer): boolean {
  return eventType.id === NO_EVENT_TYPE
}

/** What a code is for: an event type, or meeting the first of several hosts. */
function purposeOf(offer: Offer) {
  const { eventType, host } = offer
  return isOfGroup(offer)
    ? { event_type_id: null, host_id: host.id, title: eventType.title }
    : { event_type_id: eventType.id, host_id: null, title: null }
}

/** An event type, or the first of several hosts, for whom an address is proven. */
export type Proven = Pick<ReturnType<typeof purposeOf>, 'event_type_id' | 'host_id'>

async function isUnderWay({ db, clock }: Ctx, offer: Offer, email: string): Promise<boolean> {
  const { event_type_id, host_id } = purposeOf(offer)
  const row = await db
    .selectFrom('mail_codes')
    .where('event_type_id', 'is not distinct from', event_type_id)
    .where('host_id', 'is not distinct from', host_id)
    .where('email', '=', email)
    .where('expires_at', '>', clock.now().add({ seconds: SOON_SECONDS }))
    .where('attempts', '<', MOST_TRIES)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Tries the code that a booker has entered. The try counts even when the booking comes to nothing, so it is no part of any
 * transaction.
 * @returns what it proves the address for; empty without a code
 * @throws mail_code_wrong, rate_limited
 */
export async function tryMailCode(
  ctx: Ctx,
  { email, code }: { email: string; code?: string | undefined },
): Promise<Proven[]> {
  if (code === undefined) return []
  await ctx.rateLimiter.consume(TRIED_FOR_ADDRESS, email)
  await ctx.rateLimiter.consume(TRIED_BY_CLIENT, ctx.clientAddress)
  const tried = await ctx.apart
    .updateTable('mail_codes')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('email', '=', email)
    .where('expires_at', '>', ctx.clock.now())
    .where('attempts', '<', MOST_TRIES)
    .returning(['id', 'event_type_id', 'host_id'])
    .execute()
  const proven = tried.filter(({ id }) => isSameCode(codeOf(ctx, id), code))
  if (proven.length === 0) throw bookingError('mail_code_wrong')
  return proven
}

/**
 * Whether this address may book, and is proven where the event type wants that, or the account it belongs to. A code is used up by the
 * booking. Hosts prove nothing to themselves.
 * @throws email_not_admitted, mail_code_required with `email`, mail_code_wrong when a rival was faster with it
 */
export async function requireMailAddress(
  tx: Tx,
  ctx: Ctx,
  offer: Offer,
  { email, proven, guarded }: { email: string; proven: readonly Proven[]; guarded: readonly string[] },
): Promise<void> {
  const { eventType } = offer
  if (partyOf(ctx.actor, hostIdsOf(offer)) === 'host') return
  if (!isAdmitted(email, eventType)) throw bookingError('email_not_admitted')
  if (!eventType.verifyEmail && !guarded.includes(email)) return
  const purpose = purposeOf(offer)
  const isFor = (one: Proven) => one.event_type_id === purpose.event_type_id && one.host_id === purpose.host_id
  if (!proven.some(isFor)) throw bookingError('mail_code_required', { email })
  if (!(await spendMailCode(tx, purpose, email))) throw bookingError('mail_code_wrong')
}

/** A code proves an address for one booking. @returns false when a rival was faster with it */
export async function spendMailCode(db: Db | Tx, { event_type_id, host_id }: Proven, email: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('mail_codes')
    .where('event_type_id', 'is not distinct from', event_type_id)
    .where('host_id', 'is not distinct from', host_id)
    .where('email', '=', email)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
