import { createHash } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import type { Tx } from './db/transaction.ts'
import { AppError } from './errors.ts'
import type { PeriodicWork } from './periodic.ts'

/** A request that its client may send again under the same key. */
export interface KeyedRequest {
  /** What is asked for, such as `booking/ada/intro`: keys of different scopes have nothing to do with each other. */
  scope: string
  key: string
  /** Everything that decides the answer, as JSON has it. */
  request: unknown
  now: Temporal.Instant
}

const KEPT_HOURS = 24
const SWEEP_SECONDS = 3600

/**
 * Does the work of a request once, however often it comes; a repetition gets the first answer. The row is written before the work,
 * so of two at once the second waits until the first has committed; when the first fails, nothing of it is kept and the second works.
 * @throws idempotency_key_reused when the key came with another request
 */
export async function once<T extends object>(
  tx: Tx,
  { scope, key, request, now }: KeyedRequest,
  work: () => Promise<T>,
): Promise<{ answer: T; replayed: boolean }> {
  const hash = createHash('sha256').update(canonicalJson(request)).digest()
  const inserted = await tx
    .insertInto('idempotency_keys')
    .values({ scope, key, request_hash: hash, created_at: now })
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!inserted) return { answer: (await earlierAnswer(tx, scope, key, hash)) as T, replayed: true }
  const answer = await work()
  await tx
    .updateTable('idempotency_keys')
    .set({ answer: JSON.stringify(answer) })
    .where('scope', '=', scope)
    .where('key', '=', key)
    .execute()
  return { answer, replayed: false }
}

async function earlierAnswer(tx: Tx, scope: string, key: string, hash: Buffer): Promise<object | null> {
  const row = await tx
    .selectFrom('idempotency_keys')
    .where('scope', '=', scope)
    .where('key', '=', key)
    .select(['request_hash', 'answer'])
    .executeTakeFirstOrThrow()
  if (!row.request_hash.equals(hash)) throw new AppError('idempotency_key_reused', 'conflict')
  return row.answer
}

/** The same text for the same value, in whatever order its properties were written. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** Nobody repeats a request after a day. */
export const idempotencySweep: PeriodicWork = {
  name: 'idempotency.sweep',
  everySeconds: SWEEP_SECONDS,
  async run({ db, clock }) {
    await db
      .deleteFrom('idempotency_keys')
      .where('created_at', '<', clock.now().subtract({ hours: KEPT_HOURS }))
      .execute()
  },
}
