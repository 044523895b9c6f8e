import { hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { invalidInput } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import { isOutboundFailure } from '#platform/http/outbound.ts'
import { userScope } from '#platform/scope.ts'
import { fieldError } from '../errors.ts'
import { avatarRemoved, avatarReplaced } from './events.ts'
import { imageTypeOf, MOST_AVATAR_BYTES } from './rules.ts'

/** @throws avatar_missing, avatar_too_large, avatar_not_an_image */
export async function replaceAvatar(ctx: Ctx, file: unknown): Promise<void> {
  const { userId } = userScope(ctx)
  if (!(file instanceof Blob) || file.size === 0) throw fieldError('avatar_missing', 'avatar')
  if (file.size > MOST_AVATAR_BYTES) throw fieldError('avatar_too_large', 'avatar')
  const bytes = Buffer.from(await file.arrayBuffer())
  const contentType = imageTypeOf(bytes)
  if (contentType === null) throw fieldError('avatar_not_an_image', 'avatar')
  await transaction(ctx.db, async (tx) => {
    await tx
      .insertInto('avatars')
      .values({ user_id: userId, content_type: contentType, bytes })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ content_type: contentType, bytes }))
      .execute()
    const etag = hashToken(bytes.toString('latin1')).toString('base64url').slice(0, 16)
    await tx
      .updateTable('users')
      .set({ avatar_etag: etag, updated_at: ctx.clock.now() })
      .where('id', '=', userId)
      .execute()
    await emit(tx, ctx, avatarReplaced, { userId })
  })
}

const FETCH_MS = 10_000
const FETCHED = { name: 'avatar-fetched', attempts: 10, seconds: 900 }

/**
 * The picture that lies at an address; outside of any transaction, for it takes time.
 * @throws avatar_unreachable, rate_limited, and the codes of `OutboundFailure`, all of the field `avatar`
 */
export async function fetchedAvatar(ctx: Ctx, url: string): Promise<Blob> {
  const { userId } = userScope(ctx)
  await ctx.rateLimiter.consume(FETCHED, String(userId))
  try {
    const { status, body } = await ctx.outbound.send({
      url,
      method: 'GET',
      most: MOST_AVATAR_BYTES,
      timeoutMs: FETCH_MS,
    })
    if (status !== 200) throw fieldError('avatar_unreachable', 'avatar')
    return new Blob([new Uint8Array(body)])
  } catch (failure) {
    if (!isOutboundFailure(failure)) throw failure
    throw invalidInput([{ path: 'avatar', code: failure.code, message: failure.code }])
  }
}

export async function removeAvatar(ctx: Ctx): Promise<void> {
  const { userId } = userScope(ctx)
  await transaction(ctx.db, async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('avatars').where('user_id', '=', userId).executeTakeFirst()
    if (numDeletedRows === 0n) return
    await tx
      .updateTable('users')
      .set({ avatar_etag: null, updated_at: ctx.clock.now() })
      .where('id', '=', userId)
      .execute()
    await emit(tx, ctx, avatarRemoved, { userId })
  })
}
