import { type Selectable, sql, type Updateable } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { uuidv7 } from './crypto.ts'
import type { Ctx } from './ctx.ts'
import type { Db } from './db/connect.ts'
import type { Tables } from './db/tables.ts'
import type { Tx } from './db/transaction.ts'
import { defineJob, type Job } from './jobs.ts'
import type { PeriodicWork } from './periodic.ts'
import type { InstanceScope } from './scope.ts'

export type DeliveryState = Selectable<Tables['deliveries']>['state']

/** One effect on the outside world, and how far it is. */
export interface Delivery {
  id: string
  eventId: string | null
  /** What it tells of, as `noun:id`. */
  subject: string
  kind: Tables['deliveries']['kind']
  topic: string
  /** Whom it is for, in the terms of its carrier. */
  target: string
  /** The version of the subject it tells of; of an ordered kind, its place among what is told about the subject. */
  version: number
  state: DeliveryState
  /** Code of why it waits, was skipped or failed. */
  reason: string | null
  /** What the other side answered, in one line. */
  detail: string
  /** Begun so far, this one included. */
  attempts: number
  nextAt: Temporal.Instant | null
  createdAt: Temporal.Instant
  updatedAt: Temporal.Instant
  deliveredAt: Temporal.Instant | null
}

export type PlannedDelivery = Pick<Delivery, 'eventId' | 'subject' | 'kind' | 'topic' | 'target' | 'version'>

/** How an attempt went. */
export type Verdict =
  | { state: 'delivered' }
  /** There is nothing to deliver any more. */
  | { state: 'skipped'; reason: string }
  /** Another try may do better, and not before `afterMs` if the other side said so. */
  | { state: 'retry'; reason: string; detail?: string; afterMs?: number }
  /** Not now, for a reason that is ours: it costs no attempt. */
  | { state: 'later'; afterMs: number }
  /** It cannot even be tried as this installation is; it costs no attempt. */
  | { state: 'blocked'; reason: typeof MAIL_NOT_CONFIGURED }
  /** No other try will do better: a dead letter, until somebody replays it. */
  | { state: 'failed'; reason: string; detail?: string }

/** Knows how to deliver some topics. What it throws counts as `retry`. */
export interface Carrier {
  kind: Delivery['kind']
  topics: readonly string[]
  carry(delivery: Delivery, ctx: Ctx): Promise<Verdict>
}

/** It waits until an outgoing mail server is configured. */
export const MAIL_NOT_CONFIGURED = 'mail_not_configured'

/** Doubling from 5 s to 3 h, the 19th try is some 24 hours after the first. */
const MOST_ATTEMPTS = 19
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 3 * 3_600_000
/** A delivery under way is its worker's for this long, and longer as long as the worker lives and says so. */
const LEASE_MS = 10_000
const SWEEP_SECONDS = 5
const SWEEP_BATCH = 100
const SWEEP_CONCURRENCY = 4

type Kind = Delivery['kind']

/** A queue for each kind, so that receivers that hang hold up their own kind alone. */
const JOB_NAMES: Record<Kind, string> = { mail: 'deliveries.deliver', webhook: 'deliveries.webhook' }

/** What is told about one subject to one target goes in the order of its versions: nothing overtakes what is still under way. */
const isOrdered = (kind: Kind) => kind === 'webhook'

/** Whether something earlier is to be delivered first. */
const hasEarlier = sql<boolean>`(deliveries.kind = 'webhook' and exists (
  select from deliveries e where e.subject = deliveries.subject and e.kind = deliveries.kind and e.target = deliveries.target
    and (e.version, e.id) < (deliveries.version, deliveries.id) and e.state in ('waiting', 'sending')))`

/**
 * Writes down what is to be delivered, in the caller's transaction, and asks for it to be done as soon as that commits.
 * The same (subject, kind, topic, target, version) is planned once, however often it is asked for.
 */
export async function planDeliveries(
  tx: Tx,
  { clock, jobs }: Pick<Ctx, 'clock' | 'jobs'>,
  planned: readonly PlannedDelivery[],
): Promise<void> {
  if (planned.length === 0) return
  const now = clock.now()
  // In the order they are given: ids of one millisecond are in none.
  const ids = planned.map(uuidv7).sort()
  const rows = await tx
    .insertInto('deliveries')
    .values(
      planned.map(({ eventId, ...rest }, index) => ({
        ...{ id: ids[index] as string, event_id: eventId, ...rest },
        ...{ created_at: now, updated_at: now, next_at: now },
      })),
    )
    .onConflict((conflict) => conflict.columns(['subject', 'kind', 'topic', 'target', 'version']).doNothing())
    .returning(['id', 'kind'])
    .execute()
  for (const { id, kind } of rows) await jobs.send(tx, JOB_NAMES[kind], { deliveryId: id })
}

/** The job that tries a delivery of the kind at once. The row is the truth: a job that comes late, twice or never changes nothing. */
export function deliveryJob(kind: Kind, all: readonly Carrier[]): Job {
  const carriers = all.filter((carrier) => carrier.kind === kind)
  return defineJob({
    name: JOB_NAMES[kind],
    input: z.object({ deliveryId: z.uuid() }),
    run: ({ deliveryId }, ctx) => deliver(ctx, carriers, deliveryId),
  })
}

/** Tries again what is due of the kind, and what a worker that died left half done. At most 15 s pass between the death and the next try. */
export function deliverySweep(kind: Kind, all: readonly Carrier[]): PeriodicWork {
  const carriers = all.filter((carrier) => carrier.kind === kind)
  return {
    name: `${JOB_NAMES[kind]}.sweep`,
    everySeconds: SWEEP_SECONDS,
    run: (ctx, signal) => sweepDeliveries(ctx, carriers, signal),
  }
}

export async function sweepDeliveries(ctx: Ctx, carriers: readonly Carrier[], signal?: AbortSignal): Promise<void> {
  if (ctx.mail.configured) await releaseBlocked(ctx)
  const due = await ctx.db
    .selectFrom('deliveries')
    .where('kind', 'in', [...new Set(carriers.map(({ kind }) => kind))])
    .where('state', 'in', ['waiting', 'sending'])
    .where('next_at', '<=', ctx.clock.now())
    .where((eb) => eb.not(hasEarlier))
    .orderBy('next_at')
    .limit(SWEEP_BATCH)
    .select('id')
    .execute()
  const ids = due.map(({ id }) => id)
  const lanes = Array.from({ length: SWEEP_CONCURRENCY }, async () => {
    for (let id = ids.shift(); id !== undefined && !signal?.aborted; id = ids.shift()) await deliver(ctx, carriers, id)
  })
  await Promise.all(lanes)
}

async function releaseBlocked({ db, clock }: Ctx): Promise<void> {
  const now = clock.now()
  await db
    .updateTable('deliveries')
    .set({ next_at: now, updated_at: now })
    .where('state', '=', 'waiting')
    .where('next_at', 'is', null)
    .where('reason', '=', MAIL_NOT_CONFIGURED)
    .execute()
}

/** One attempt, if it is time for one and nobody else is at it. */
export async function deliver(ctx: Ctx, carriers: readonly Carrier[], id: string): Promise<void> {
  const delivery = await claim(ctx, id)
  if (!delivery) return
  const release = keepClaimed(ctx, delivery)
  try {
    const verdict = await attempt(ctx, carriers, delivery)
    await settle(ctx, delivery, verdict)
    if (isOrdered(delivery.kind) && verdict.state !== 'retry' && verdict.state !== 'later')
      await wakeNext(ctx, delivery)
  } finally {
    release()
  }
}

/** What waited for this one goes at once. If that is lost, the sweep finds it. */
async function wakeNext({ db, jobs }: Ctx, { subject, kind, target }: Delivery): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const next = await tx
      .selectFrom('deliveries')
      .select('id')
      .where('subject', '=', subject)
      .where('kind', '=', kind)
      .where('target', '=', target)
      .where('state', '=', 'waiting')
      .orderBy('version')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (next) await jobs.send(tx, JOB_NAMES[kind], { deliveryId: next.id })
  })
}

/** One statement, so that of several workers one gets it. `attempts` marks the claim: whoever finds another number has lost it. */
async function claim({ db, clock }: Ctx, id: string): Promise<Delivery | null> {
  const now = clock.now()
  const row = await db
    .updateTable('deliveries')
    .set({
      state: 'sending',
      attempts: sql`attempts + 1`,
      next_at: now.add({ milliseconds: LEASE_MS }),
      updated_at: now,
    })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'sending'])
    .where('next_at', '<=', now)
    .where((eb) => eb.not(hasEarlier))
    .returningAll()
    .executeTakeFirst()
  return row ? deliveryOf(row) : null
}

/** A slow server is no dead worker: the claim is renewed while the attempt lasts. */
function keepClaimed({ db, clock, log }: Ctx, { id, attempts }: Delivery): () => void {
  const timer = setInterval(() => {
    db.updateTable('deliveries')
      .set({ next_at: clock.now().add({ milliseconds: LEASE_MS }) })
      .where('id', '=', id)
      .where('state', '=', 'sending')
      .where('attempts', '=', attempts)
      .execute()
      .catch((error) => log.warn({ err: error, deliveryId: id }, 'could not renew the claim on a delivery'))
  }, LEASE_MS / 3)
  return () => clearInterval(timer)
}

async function attempt(ctx: Ctx, carriers: readonly Carrier[], delivery: Delivery): Promise<Verdict> {
  const carrier = carriers.find(({ kind, topics }) => kind === delivery.kind && topics.includes(delivery.topic))
  if (!carrier) return { state: 'failed', reason: 'topic_unknown' }
  try {
    return await carrier.carry(delivery, ctx)
  } catch (error) {
    ctx.log.error({ err: error, deliveryId: delivery.id }, 'delivery failed unexpectedly')
    return { state: 'retry', reason: 'unexpected' }
  }
}

async function settle(ctx: Ctx, delivery: Delivery, verdict: Verdict): Promise<void> {
  const { db, clock, log } = ctx
  const now = clock.now()
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ ...outcome(delivery, verdict, now), updated_at: now })
    .where('id', '=', delivery.id)
    .where('state', '=', 'sending')
    .where('attempts', '=', delivery.attempts)
    .executeTakeFirst()
  const { id: deliveryId, topic, target, attempts } = delivery
  const taken = numUpdatedRows === 0n
  if (verdict.state === 'later' && !taken) return
  const level = taken || verdict.state === 'retry' ? 'warn' : verdict.state === 'failed' ? 'error' : 'info'
  log[level](
    { deliveryId, topic, target, attempts, ...verdict },
    taken ? 'delivery was taken over meanwhile' : 'delivery',
  )
}

type Outcome = Updateable<Tables['deliveries']>

function outcome({ attempts }: Delivery, verdict: Verdict, now: Temporal.Instant): Outcome {
  const settled = { detail: '', next_at: null }
  switch (verdict.state) {
    case 'delivered':
      return { ...settled, state: 'delivered', reason: null, delivered_at: now }
    case 'skipped':
      return { ...settled, state: 'skipped', reason: verdict.reason }
    case 'blocked':
      return { ...settled, state: 'waiting', reason: verdict.reason, attempts: attempts - 1 }
    case 'failed':
      return { ...settled, state: 'failed', reason: verdict.reason, detail: verdict.detail ?? '' }
    case 'later': {
      const next_at = now.add({ milliseconds: verdict.afterMs })
      return { state: 'waiting', attempts: attempts - 1, next_at }
    }
    case 'retry': {
      const why = { reason: verdict.reason, detail: verdict.detail ?? '' }
      if (attempts >= MOST_ATTEMPTS) return { ...why, state: 'failed', next_at: null }
      const asked = Math.min(verdict.afterMs ?? 0, LONGEST_PAUSE_MS)
      const pause = Math.max(pauseAfter(attempts, Math.random()), asked)
      return { ...why, state: 'waiting', next_at: now.add({ milliseconds: pause }) }
    }
  }
}

/**
 * Milliseconds to wait after so many attempts. Spread over ± 20 % so that what failed together does not come back together.
 * @param random in [0, 1)
 */
export function pauseAfter(attempts: number, random: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS)
  return Math.round(pause * (0.8 + 0.4 * random))
}

/** Which deliveries a caller may act on: mails of one subject or any, and those of one target of another kind. */
export type Replayable =
  | { id: string; subject: string }
  | { id: string; scope: InstanceScope }
  | { id: string; kind: Exclude<Kind, 'mail'>; target: string }

/**
 * Starts a dead letter, or one that waits for its next try, anew and at once; of kinds other than mail also what is done.
 * @returns false when there is no such delivery, or nothing to replay about it.
 */
export async function replayDelivery(
  tx: Tx,
  { clock, jobs }: Pick<Ctx, 'clock' | 'jobs'>,
  which: Replayable,
): Promise<boolean> {
  const now = clock.now()
  let update = tx
    .updateTable('deliveries')
    .set({ state: 'waiting', attempts: 0, reason: null, detail: '', next_at: now, updated_at: now })
    .where('id', '=', which.id)
    .where('kind', '=', 'kind' in which ? which.kind : 'mail')
    .where('state', 'in', 'kind' in which ? ['failed', 'waiting', 'delivered', 'skipped'] : ['failed', 'waiting'])
  if ('subject' in which) update = update.where('subject', '=', which.subject)
  if ('target' in which) update = update.where('target', '=', which.target)
  const row = await update.returning(['id', 'kind']).executeTakeFirst()
  if (row) await jobs.send(tx, JOB_NAMES[row.kind], { deliveryId: row.id })
  return row !== undefined
}

/** Every mail of the installation that failed, or waits after a try or for a mail server; failed ones first, then the newest. */
export async function troubledMailDeliveries(db: Db, _scope: InstanceScope, most: number): Promise<Delivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('kind', '=', 'mail')
    .where('state', 'in', ['failed', 'waiting'])
    .where('reason', 'is not', null)
    .orderBy('state')
    .orderBy('created_at', 'desc')
    .orderBy('target', 'desc')
    .limit(most)
    .execute()
  return rows.map(deliveryOf)
}

/** All deliveries of one kind about one subject, in the order they were planned; of those planned together, by target. */
export async function deliveriesOfSubject(db: Db, subject: string, kind: Kind = 'mail'): Promise<Delivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .orderBy('created_at')
    .orderBy('target', 'desc')
    .execute()
  return rows.map(deliveryOf)
}

/** Forgets what other servers answered about deliveries that were settled before a moment: it may name people. */
export async function forgetAnswersBefore(db: Db, before: Temporal.Instant): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ detail: '' })
    .where('updated_at', '<', before)
    .where('state', 'in', ['delivered', 'skipped', 'failed'])
    .where('detail', '!=', '')
    .execute()
}

export interface DeliveryCount {
  kind: string
  state: DeliveryState
  reason: string | null
  count: number
}

/** How many deliveries are open, by state and reason: what an operator watches. */
export async function countOpenDeliveries(db: Db): Promise<DeliveryCount[]> {
  return db
    .selectFrom('deliveries')
    .where('state', 'in', ['waiting', 'sending', 'failed'])
    .groupBy(['kind', 'state', 'reason'])
    .select(['kind', 'state', 'reason', (eb) => eb.fn.countAll<number>().as('count')])
    .execute()
}

function deliveryOf(row: Selectable<Tables['deliveries']>): Delivery {
  return {
    id: row.id,
    eventId: row.event_id,
    subject: row.subject,
    kind: row.kind,
    topic: row.topic,
    target: row.target,
    version: row.version,
    state: row.state,
    reason: row.reason,
    detail: row.detail,
    attempts: row.attempts,
    nextAt: row.next_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deliveredAt: row.delivered_at,
  }
}
