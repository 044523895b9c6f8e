import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { type Actor, actorRecord } from './actor.ts'
import { uuidv7 } from './crypto.ts'
import type { Ctx } from './ctx.ts'
import type { Tx } from './db/transaction.ts'
import { defineJob, type Job, type JobRun } from './jobs.ts'

/** A kind of fact. Payloads carry ids and sequence numbers: no personal data, so history may be kept when people are erased. */
export interface EventDefinition<P extends object = object> {
  name: string
  version: number
  payload: z.ZodType<P>
  /** What it happened to, as `noun:id`. */
  subject: (payload: P) => string
  /**
   * Whose matter it is, by id of the account: in their log it is read. `actor`: of whoever does it. A subquery costs no statement of its
   * own and sees what the transaction has written.
   */
  owner: 'actor' | ((payload: P) => number | null | RawBuilder<number | null>)
}

export function defineEvent<P extends object>(definition: EventDefinition<P>): EventDefinition<P> {
  return definition
}

/** What else happens when a fact becomes known. Runs as a job of its own, once per event, at least once after a crash. */
export interface Reaction {
  /** Unique among the reactions to one event. */
  name: string
  event: string
  run: JobRun<ReactionInput>
}

export interface ReactionInput {
  eventId: string
  payload: unknown
}

/** Binds a reaction to its event, with the payload parsed. */
export function reaction<P extends object>(
  event: EventDefinition<P>,
  name: string,
  run: (fact: { eventId: string; payload: P }, ctx: Ctx) => Promise<void>,
): Reaction {
  return {
    name,
    event: event.name,
    run: ({ eventId, payload }, ctx) => run({ eventId, payload: event.payload.parse(payload) }, ctx),
  }
}

type Emitter = Pick<Ctx, 'actor' | 'clock' | 'jobs'>

/**
 * Writes the fact into the outbox and asks for its reactions, all in the caller's transaction.
 * @returns its id
 */
export async function emit<P extends object>(
  tx: Tx,
  { actor, clock, jobs }: Emitter,
  event: EventDefinition<P>,
  payload: P,
): Promise<string> {
  const id = uuidv7()
  await tx
    .insertInto('events')
    .values({
      id,
      name: event.name,
      version: event.version,
      subject: event.subject(payload),
      payload: JSON.stringify(payload),
      actor: JSON.stringify(actorRecord(actor)),
      owner_id: ownerOf(event, payload, actor),
      occurred_at: clock.now(),
    })
    .execute()
  await jobs.send(tx, FAN_OUT, { eventId: id })
  return id
}

function ownerOf<P extends object>({ owner }: EventDefinition<P>, payload: P, actor: Actor) {
  if (owner !== 'actor') return owner(payload)
  return actor.kind === 'user' ? actor.userId : null
}

const FAN_OUT = 'events.fan-out'
const REACT = 'events.react'

/** The jobs behind the outbox: one spreads an event over its reactions, the other runs one reaction. */
export function reactionJobs(reactions: readonly Reaction[]): Job[] {
  const fanOut = defineJob({
    name: FAN_OUT,
    input: z.object({ eventId: z.uuid() }),
    async run({ eventId }, ctx) {
      const event = await ctx.db
        .selectFrom('events')
        .select(['name', 'payload'])
        .where('id', '=', eventId)
        .executeTakeFirstOrThrow()
      await ctx.db.transaction().execute(async (tx) => {
        for (const { name } of reactions.filter((one) => one.event === event.name)) {
          const input = { eventId, event: event.name, reaction: name, payload: event.payload }
          await ctx.jobs.send(tx, REACT, input, { once: `${eventId}/${name}` })
        }
      })
    },
  })
  const react = defineJob({
    name: REACT,
    input: z.object({ eventId: z.uuid(), event: z.string(), reaction: z.string(), payload: z.unknown() }),
    async run({ eventId, event, reaction, payload }, ctx) {
      const known = reactions.find((one) => one.event === event && one.name === reaction)
      // During an upgrade an old worker may get what only a new one knows: it stays in the queue for that one.
      if (!known) throw new Error(`unknown reaction ${reaction} to ${event}`)
      await known.run({ eventId, payload }, ctx)
    },
  })
  return [fanOut, react]
}
