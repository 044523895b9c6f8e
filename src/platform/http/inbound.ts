import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { uuidv7 } from '../crypto.ts'
import type { Ctx, Services } from '../ctx.ts'
import { transaction } from '../db/transaction.ts'
import { isAppError } from '../errors.ts'
import { defineJob, type Job } from '../jobs.ts'
import type { PeriodicWork } from '../periodic.ts'
import { statusOf } from './status.ts'

/** A message as it came. Names of headers are lower case. */
export interface InboundMessage {
  headers: Readonly<Record<string, string>>
  /** Byte for byte: signatures are over this. */
  body: Buffer
}

/** A service that tells this installation of things. */
export interface InboundProvider {
  /** In its address: `/api/inbound/<name>`. */
  name: string
  /** What it was signed at must not be further from now than this. */
  replaySeconds: number
  /**
   * Whether the message is the provider's, compared in equal time; null when it is not.
   * `eventId` is the provider's own, the same however often it sends it; `signedAt` is covered by the signature.
   */
  verify(message: InboundMessage, ctx: Ctx): Promise<{ eventId: string; signedAt: Temporal.Instant } | null>
  /** Must be repeatable: after a crash it runs again. */
  process(message: InboundMessage & { eventId: string }, ctx: Ctx): Promise<void>
}

const MOST_BYTES = 1_048_576
/** That may hold secrets of ours, and are nobody's business later. */
const NOT_KEPT = new Set(['authorization', 'cookie', 'proxy-authorization'])
const LIMIT = { name: 'inbound', attempts: 600, seconds: 60 }
const JOB_NAME = 'inbound.process'
const KEPT = { hours: 24 * 30 }

/**
 * Takes a message: keeps it and asks for it to be worked on, in one transaction, and answers at once. What is unknown or not signed has
 * no effect at all.
 */
export async function receiveInbound(
  ctx: Ctx,
  providers: readonly InboundProvider[],
  name: string,
  request: Request,
): Promise<Response> {
  const provider = providers.find((one) => one.name === name)
  if (!provider) return answer(404, 'not_found')
  try {
    await ctx.rateLimiter.consume(LIMIT, ctx.clientAddress)
  } catch (error) {
    if (!isAppError(error)) throw error
    return answer(statusOf(error), error.code)
  }
  const body = await bodyOf(request)
  if (body === null) return answer(413, 'too_large')
  const message = { headers: Object.fromEntries(request.headers), body }
  const verified = await provider.verify(message, ctx)
  if (!verified) return answer(401, 'signature_invalid')
  const now = ctx.clock.now()
  const age = Math.abs(now.epochMilliseconds - verified.signedAt.epochMilliseconds)
  if (age > provider.replaySeconds * 1000) return answer(401, 'signature_too_old')
  const { eventId } = verified
  const isNew = await transaction(ctx.db, async (tx) => {
    const row = await tx
      .insertInto('inbound_messages')
      .values({
        ...{ id: uuidv7(), provider: name, event_id: eventId, body, received_at: now },
        headers: JSON.stringify(withoutSecrets(message.headers)),
      })
      .onConflict((conflict) => conflict.columns(['provider', 'event_id']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (row) await ctx.jobs.send(tx, JOB_NAME, { messageId: row.id })
    return row !== undefined
  })
  // The provider sends again until it hears yes; it may have missed ours.
  return answer(isNew ? 202 : 200, isNew ? 'accepted' : 'known')
}

function answer(status: number, code: string): Response {
  return Response.json({ code }, { status, headers: { 'cache-control': 'no-store' } })
}

/** Null when it is too long; no more than that is read. */
async function bodyOf(request: Request): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_KEPT.has(name)))
}

/** The job that works on what came. None where nobody tells anything: a queue that is never used need not be looked at. */
export function inboundJobs(providers: readonly InboundProvider[]): Job[] {
  if (providers.length === 0) return []
  const process = defineJob({
    name: JOB_NAME,
    input: z.object({ messageId: z.uuid() }),
    async run({ messageId }, ctx) {
      const row = await ctx.db
        .selectFrom('inbound_messages')
        .selectAll()
        .where('id', '=', messageId)
        .where('processed_at', 'is', null)
        .executeTakeFirst()
      if (!row) return
      const provider = providers.find((one) => one.name === row.provider)
      // During an upgrade an old worker may get what only a new one knows: it stays in the queue for that one.
      if (!provider) throw new Error(`unknown provider ${row.provider}`)
      await provider.process({ headers: row.headers, body: row.body, eventId: row.event_id }, ctx)
      await ctx.db
        .updateTable('inbound_messages')
        .set({ processed_at: ctx.clock.now() })
        .where('id', '=', messageId)
        .execute()
    },
  })
  return [process]
}

/** Forgets what was worked on some weeks ago. A provider does not send the same again after that. */
export const inboundSweep: PeriodicWork = { name: 'inbound.sweep', everySeconds: 3600, run: forgetInbound }

export async function forgetInbound({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<void> {
  await db
    .deleteFrom('inbound_messages')
    .where('processed_at', 'is not', null)
    .where('received_at', '<', sql<Temporal.Instant>`${clock.now().subtract(KEPT)}::timestamptz`)
    .execute()
}
