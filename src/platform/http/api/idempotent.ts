import { decrypt, deriveKey, encrypt } from '../../crypto.ts'
import type { Ctx } from '../../ctx.ts'
import { transaction } from '../../db/transaction.ts'
import { AppError } from '../../errors.ts'
import { once } from '../../idempotency.ts'

const KEY = /^[\x21-\x7e]{1,255}$/

/** A reply as it went out. */
export interface SentReply {
  status: number
  body: string
}

interface Repeatable {
  /** What the client calls this request. */
  key: string
  /** Method and path of the route; keys of different owners and routes have nothing to do with each other. */
  route: string
  /** Path, query and body as they came. */
  request: unknown
}

/**
 * Does the work of a request once for its `Idempotency-Key`, within one transaction with the record of its reply: after a crash either
 * both are there or neither. What was refused changed nothing and is not kept. Replies rest sealed, for they may hold secrets.
 * @throws idempotency_key_invalid, idempotency_key_reused
 */
export async function answeredOnce(
  ctx: Ctx,
  { key, route, request }: Repeatable,
  work: (ctx: Ctx) => Promise<SentReply>,
): Promise<{ reply: SentReply; replayed: boolean }> {
  if (!KEY.test(key)) throw new AppError('idempotency_key_invalid', 'invalid')
  const owner = ctx.actor.kind === 'user' ? `user ${ctx.actor.userId}` : `client ${ctx.clientAddress}`
  const sealingKey = deriveKey(ctx.config.secret, 'api-replies')
  const scope = `api/${owner}/${route}`
  return transaction(ctx.db, async (tx) => {
    const { answer, replayed } = await once(tx, { scope, key, request, now: ctx.clock.now() }, async () => {
      const { status, body } = await work({ ...ctx, db: tx })
      return { status, sealed: encrypt(sealingKey, body) }
    })
    return { reply: { status: answer.status, body: decrypt(sealingKey, answer.sealed) }, replayed }
  })
}
