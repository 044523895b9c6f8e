import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { countAttempt } from '../blocks/commands.ts'
import type { Made } from '../creation/rows.ts'
import { bookerOf } from '../entries/types.ts'
import { bookingByUid, bookingsOfSeries } from '../queries.ts'
import { occurrencesOf } from '../series/queries.ts'
import type { Booking } from '../types.ts'
import type { Decoy } from './queries.ts'
import { asDecoy } from './rules.ts'

/** Of one block; the oldest give way. A series has as many as it has dates. */
const MOST_DECOYS = 100
const LONGEST_DAYS = 30

/** Why somebody is to believe that they have booked. */
export interface Pretence {
  blockId: number
  /** See `asDecoy`. */
  placeKnown: boolean
}

/** Ends the transaction of a booking that is not to be, and carries out of it what its page would have shown. */
export class Pretended extends Error {
  readonly pretence: Pretence
  readonly made: Made
  readonly decoys: Decoy[]

  constructor(pretence: Pretence, made: Made, decoys: Decoy[]) {
    super('pretended')
    this.pretence = pretence
    this.made = made
    this.decoys = decoys
  }
}

/** Takes a booking back that was made in this transaction. @throws Pretended always */
export async function takeBack(tx: Tx, ctx: Ctx, made: Made, pretence: Pretence): Promise<never> {
  const booking = await bookingByUid({ db: tx, actor: { kind: 'visitor' } }, made.uid)
  if (!booking) throw new Error('a booking that was just made is not there')
  const { series } = booking
  const all = series ? await bookingsOfSeries(tx, series.id) : [booking]
  const dates = series ? await occurrencesOf(tx, series.id) : []
  const decoys = all.map((one) => ({ booking: asDecoy(one, pretence.placeKnown), dates }))
  ctx.log.info({ blockId: pretence.blockId, requestId: ctx.requestId }, 'booking pretended')
  throw new Pretended(pretence, made, decoys)
}

/** Keeps what the page shows, for a while, and counts the attempt. */
export async function keepDecoys(ctx: Ctx, { pretence: { blockId }, decoys }: Pretended): Promise<void> {
  const now = ctx.clock.now()
  const longest = now.add({ hours: LONGEST_DAYS * 24 })
  const rows = decoys.map(({ booking, dates }) => ({
    ...{ uid: booking.uid, block_id: blockId, email: bookerOf(booking).email, created_at: now },
    content: JSON.stringify({ booking, dates }),
    expires_at: earlier(booking, longest),
  }))
  await transaction(ctx.db, async (tx) => {
    await countAttempt(tx, ctx, blockId)
    await tx.insertInto('decoys').values(rows).execute()
    const kept = tx
      .selectFrom('decoys')
      .where('block_id', '=', blockId)
      .select('uid')
      .orderBy('created_at', 'desc')
      .orderBy('uid')
      .limit(MOST_DECOYS)
    await tx.deleteFrom('decoys').where('block_id', '=', blockId).where('uid', 'not in', kept).execute()
  })
}

/** What is over is not asked about any more. */
function earlier({ end }: Booking, longest: Booking['end']): Booking['end'] {
  return end.epochMilliseconds < longest.epochMilliseconds ? end : longest
}
