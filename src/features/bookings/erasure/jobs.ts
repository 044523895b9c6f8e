import type { Selectable } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { Tables } from '#platform/db/tables.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import type { PeriodicWork } from '#platform/periodic.ts'
import { beginErasure, eraseAddress, eraseCaughtMails, neutralTitle } from './commands.ts'
import { erasureDone } from './events.ts'
import { addressesOf, areTold, everybodyLastBookedBefore, lastBookedBefore } from './queries.ts'
import { erasePeople } from './rows.ts'
import { addCounts, type ErasureCounts } from './types.ts'

const LOOK_SECONDS = 5
const TIMER_SECONDS = 3600
/** A timer that found somebody looks again the next day. */
const TIMER_PAUSE_HOURS = 20
/** Addresses of one transaction. */
const BATCH = 100

/** Goes on with what hosts want forgotten and is not yet. Several workers share it: each erasure is one's at a time. */
export const erasureWork: PeriodicWork = {
  name: 'erasures.work',
  everySeconds: LOOK_SECONDS,
  run: workOffErasures,
}

export async function workOffErasures(ctx: Ctx, signal?: AbortSignal): Promise<void> {
  const open = await ctx.db
    .selectFrom('erasures')
    .where('done_at', 'is', null)
    .select(['id', 'kind'])
    .orderBy('requested_at')
    .limit(100)
    .execute()
  for (const { id, kind } of open) {
    if (signal?.aborted) return
    await (kind === 'address' ? goOnWithAddress(ctx, id) : goOnWithMany(ctx, id, signal))
  }
}

type Row = Selectable<Tables['erasures']>

/** Null when it is done, or somebody else is at it. */
async function claimed(tx: Tx, id: string): Promise<Row | null> {
  const row = await tx
    .selectFrom('erasures')
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .selectAll()
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row ?? null
}

async function goOnWithAddress(ctx: Ctx, id: string): Promise<void> {
  const erased = await transaction(ctx.db, async (tx) => {
    const row = await claimed(tx, id)
    if (!row?.address) return null
    const late = row.wait_until !== null && row.wait_until.epochMilliseconds <= ctx.clock.now().epochMilliseconds
    if (!late && ctx.mail.configured && !(await areTold(tx, row.waits_for, row.requested_at))) return null
    const { user_id: userId, address: email, keep_block: keepBlock } = row
    const emails = await addressesOf(tx, userId, email)
    await finish(tx, ctx, row, await eraseAddress(tx, ctx, { userId, email, keepBlock }))
    return { userId, emails }
  })
  if (erased) await eraseCaughtMails(ctx, erased.userId, erased.emails)
}

async function goOnWithMany(ctx: Ctx, id: string, signal?: AbortSignal): Promise<void> {
  for (let after: string | null = ''; after !== null && !signal?.aborted; ) {
    const from: string = after
    after = await transaction(ctx.db, async (tx) => {
      const row = await claimed(tx, id)
      if (!row?.before) return null
      const { user_id: userId, before } = row
      const { emails, next } = await lastBookedBefore(tx, { userId, before, after: from, most: BATCH })
      const counts = await erasePeople(tx, {
        ...{ userId, emails, now: ctx.clock.now(), thorough: false, keepBlock: true },
        neutralTitle: await neutralTitle(tx, userId),
      })
      if (next === null) await finish(tx, ctx, row, counts)
      else await note(tx, row, counts, {})
      return next
    })
  }
}

async function finish(tx: Tx, ctx: Ctx, row: Row, counts: ErasureCounts): Promise<void> {
  await note(tx, row, counts, { address: null, waits_for: [], wait_until: null, done_at: ctx.clock.now() })
  await emit(tx, ctx, erasureDone, { erasureId: row.id, userId: row.user_id })
}

async function note(tx: Tx, { id, counts }: Row, more: ErasureCounts, change: Partial<Row>): Promise<void> {
  const { address, waits_for, wait_until, done_at } = change
  await tx
    .updateTable('erasures')
    .set({
      ...{ address, waits_for, wait_until, done_at },
      counts: JSON.stringify(addCounts(counts as ErasureCounts, more)),
    })
    .where('id', '=', id)
    .execute()
}

/** Starts what hosts have set a timer for, as soon as there is somebody whose time is up. */
export const retentionTimer: PeriodicWork = {
  name: 'retention.timer',
  everySeconds: TIMER_SECONDS,
  run: startDueErasures,
}

export async function startDueErasures(ctx: Ctx, signal?: AbortSignal): Promise<void> {
  const now = ctx.clock.now()
  const timers = await ctx.db.selectFrom('retention').select(['user_id', 'days']).execute()
  for (const { user_id: userId, days } of timers) {
    if (signal?.aborted) return
    const before = now.subtract({ hours: 24 * days })
    if (!(await isAnybodyDue(ctx, userId, before))) continue
    await transaction(ctx.db, async (tx) => {
      // Of several workers one: the row of the timer is their lock.
      const timer = await tx.selectFrom('retention').where('user_id', '=', userId).select('days').forUpdate().execute()
      if (timer[0]?.days !== days || (await ranLately(tx, userId, now.subtract({ hours: TIMER_PAUSE_HOURS })))) return
      await beginErasure(tx, ctx, { userId, kind: 'timer', before })
    })
  }
}

async function ranLately(tx: Tx, userId: number, since: Row['requested_at']): Promise<boolean> {
  const row = await tx
    .selectFrom('erasures')
    .where('user_id', '=', userId)
    .where('kind', '=', 'timer')
    .where((eb) => eb.or([eb('done_at', 'is', null), eb('requested_at', '>', since)]))
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

async function isAnybodyDue({ db }: Ctx, userId: number, before: Row['requested_at']): Promise<boolean> {
  for await (const emails of everybodyLastBookedBefore(db, userId, before)) if (emails.length > 0) return true
  return false
}
