import { hashPassword } from '#platform/crypto.ts'
import { type Ctx, inPerson } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { parseInput } from '#platform/input.ts'
import { requireGoodPassword } from '../commands.ts'
import { accountError } from '../errors.ts'
import { endLinks, mailLink, spendLink } from '../links/commands.ts'
import { isOpen, linkBehind } from '../links/queries.ts'
import { emitFromHere } from '../origins/commands.ts'
import { LIMITS } from '../rules.ts'
import { secondFactorDisabled } from '../second-factor/events.ts'
import { passwordReset } from './events.ts'
import { chosenPassword, forgottenPassword } from './schema.ts'

/**
 * Mails a link by which a new password can be chosen. The answer, the work and the time it takes are the same whether or not anybody
 * has the address: that is found out when the mail is written, and then there is none.
 * @throws invalid_input, mail_unavailable, rate_limited
 */
export async function askForPasswordReset(ctx: Ctx, input: unknown): Promise<void> {
  const { email } = parseInput(forgottenPassword, input)
  if (!ctx.mail.configured) throw accountError('mail_unavailable')
  await ctx.rateLimiter.consume(LIMITS.resetByClient, ctx.clientAddress)
  await ctx.rateLimiter.consume(LIMITS.resetByMail, email)
  await transaction(ctx.db, (tx) => mailLink(tx, ctx, { kind: 'password_reset', userId: null, email }))
}

/**
 * Sets a new password by a mailed link, and ends every session and every other link. It signs nobody in: whatever else an account asks
 * for at the door, it still asks for.
 * @throws account_link_invalid, invalid_input, rate_limited
 */
export async function resetPassword(ctx: Ctx, token: string, input: unknown): Promise<void> {
  const { newPassword } = parseInput(chosenPassword, input)
  await ctx.rateLimiter.consume(LIMITS.linkByClient, ctx.clientAddress)
  const link = await linkBehind(ctx, 'password_reset', token)
  if (!link) throw accountError('account_link_invalid')
  requireGoodPassword(newPassword, link.present, 'newPassword')
  const hash = await hashPassword(newPassword)
  await transaction(ctx.db, async (tx) => {
    const { userId } = await spendLink(tx, ctx, ['password_reset'], token)
    await proveBy(tx, ctx, userId)
    await replacePassword(tx, ctx, userId, hash)
    await emitFromHere(tx, inPerson(ctx, userId), passwordReset, { userId })
  })
  await ctx.rateLimiter.reset(LIMITS.signInByMail, link.present)
}

/**
 * Sets a new password on the authority of whoever runs the installation, who may also end a second step whose app is lost.
 * @throws account_not_found, invalid_input
 */
export async function setPassword(
  ctx: Ctx,
  {
    username,
    password,
    withoutSecondFactor = false,
  }: { username: string; password: string; withoutSecondFactor?: boolean },
): Promise<void> {
  const account = await ctx.db
    .selectFrom('users')
    .where('username', '=', username)
    .where(isOpen)
    .select(['id', 'email'])
    .executeTakeFirst()
  if (!account) throw accountError('account_not_found')
  requireGoodPassword(password, account.email, 'password')
  const hash = await hashPassword(password)
  await transaction(ctx.db, async (tx) => {
    await replacePassword(tx, ctx, account.id, hash)
    await emitFromHere(tx, ctx, passwordReset, { userId: account.id })
    if (!withoutSecondFactor) return
    const off = await tx.deleteFrom('second_factors').where('user_id', '=', account.id).executeTakeFirst()
    if (off.numDeletedRows > 0n) await emitFromHere(tx, ctx, secondFactorDisabled, { userId: account.id })
  })
}

async function replacePassword(tx: Tx, { clock }: Ctx, userId: number, hash: string): Promise<void> {
  await tx.updateTable('users').set({ password_hash: hash, updated_at: clock.now() }).where('id', '=', userId).execute()
  await tx.deleteFrom('sessions').where('user_id', '=', userId).execute()
  await endLinks(tx, userId)
}

/**
 * The mail came to the address, so it is proven. Until then anybody could have made the account in the name of whoever reads that
 * mailbox, and keys from then may be theirs.
 */
async function proveBy(tx: Tx, { clock }: Ctx, userId: number): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('users')
    .set({ email_proven_at: clock.now() })
    .where('id', '=', userId)
    .where('email_proven_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) await tx.deleteFrom('api_keys').where('user_id', '=', userId).execute()
}
