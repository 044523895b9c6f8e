import { randomBytes } from 'node:crypto'
import { seal, sign, unseal } from '#platform/crypto.ts'
import { type Ctx, inPerson } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { parseInput } from '#platform/input.ts'
import { newTotpSecret, totpStep } from '#platform/totp.ts'
import { isToBeNoted, requireOwnPassword } from '../commands.ts'
import { accountError, fieldError } from '../errors.ts'
import { endLinks, spendLink } from '../links/commands.ts'
import { linkBehind } from '../links/queries.ts'
import { emitFromHere } from '../origins/commands.ts'
import { authorizeOwnSecurity } from '../policy.ts'
import { LIMITS } from '../rules.ts'
import { endOtherSessions, noteRefusal, startSession } from '../sessions/commands.ts'
import { backupCodesRenewed, backupCodeUsed, secondFactorDisabled, secondFactorEnabled } from './events.ts'
import { factorKey, openSetUp, setUpOf } from './queries.ts'
import { BACKUP_CODES, backupCodeOf, readCode, SET_UP_MINUTES } from './rules.ts'
import { ownPassword, passwordAndCode, secondFactorSetUp, secondStep } from './schema.ts'

/**
 * Makes the secret for an authenticator app. Nothing is stored before a code shows that the app has it.
 * @returns it sealed, to come back with that code
 * @throws current_password_wrong, second_factor_on, needs_session, rate_limited
 */
export async function beginSecondFactor(ctx: Ctx, input: unknown): Promise<string> {
  authorizeOwnSecurity(ctx.actor)
  const { password } = parseInput(ownPassword, input)
  const { userId } = await requireOwnPassword(ctx, password, 'password')
  const present = await ctx.db.selectFrom('second_factors').where('user_id', '=', userId).select('user_id').execute()
  if (present.length > 0) throw accountError('second_factor_on')
  await ctx.rateLimiter.reset(LIMITS.passwordChange, String(userId))
  const until = ctx.clock.now().add({ minutes: SET_UP_MINUTES }).epochMilliseconds
  return seal(factorKey(ctx), `${until} ${newTotpSecret()}`, setUpOf(userId))
}

/**
 * Asks for a code at every sign-in from now on, and signs other devices out.
 * @returns codes for when the app is lost, shown this one time
 * @throws code_wrong, second_factor_late, second_factor_on, needs_session, rate_limited
 */
export async function enableSecondFactor(ctx: Ctx, input: unknown, currentSessionId: string): Promise<string[]> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  const { sealed, code } = parseInput(secondFactorSetUp, input)
  await ctx.rateLimiter.consume(LIMITS.secondStepByAccount, String(userId))
  const secret = openSetUp(ctx, sealed)
  if (secret === null) throw accountError('second_factor_late')
  const now = ctx.clock.now()
  const typed = readCode(code)
  const step = typed?.kind === 'app' ? totpStep(secret, typed.code, now.epochMilliseconds) : null
  if (step === null) throw fieldError('code_wrong', 'code')
  const codes = newBackupCodes()
  await transaction(ctx.db, async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('second_factors')
      .values({
        ...{ user_id: userId, last_step: step, created_at: now },
        sealed_secret: seal(factorKey(ctx), secret, factorOf(userId)),
      })
      .onConflict((conflict) => conflict.column('user_id').doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 0n) throw accountError('second_factor_on')
    await writeBackupCodes(tx, ctx, userId, codes)
    await endOtherSessions(tx, userId, currentSessionId)
    await endLinks(tx, userId)
    await emitFromHere(tx, ctx, secondFactorEnabled, { userId })
  })
  await ctx.rateLimiter.reset(LIMITS.secondStepByAccount, String(userId))
  return codes
}

/** @throws current_password_wrong, code_wrong, needs_session, rate_limited */
export async function disableSecondFactor(ctx: Ctx, input: unknown): Promise<void> {
  await withPasswordAndCode(ctx, input, async (tx, userId) => {
    await tx.deleteFrom('second_factors').where('user_id', '=', userId).execute()
    await emitFromHere(tx, ctx, secondFactorDisabled, { userId })
  })
}

/** Codes of before end. @returns the new ones @throws current_password_wrong, code_wrong, needs_session, rate_limited */
export async function renewBackupCodes(ctx: Ctx, input: unknown): Promise<string[]> {
  const codes = newBackupCodes()
  await withPasswordAndCode(ctx, input, async (tx, userId) => {
    await tx.deleteFrom('backup_codes').where('user_id', '=', userId).execute()
    await writeBackupCodes(tx, ctx, userId, codes)
    await emitFromHere(tx, ctx, backupCodesRenewed, { userId })
  })
  return codes
}

async function withPasswordAndCode(
  ctx: Ctx,
  input: unknown,
  work: (tx: Tx, userId: number) => Promise<void>,
): Promise<void> {
  authorizeOwnSecurity(ctx.actor)
  const { password, code } = parseInput(passwordAndCode, input)
  const { userId } = await requireOwnPassword(ctx, password, 'password')
  await ctx.rateLimiter.consume(LIMITS.secondStepByAccount, String(userId))
  await transaction(ctx.db, async (tx) => {
    if ((await spendCode(tx, ctx, userId, code)) === null) throw fieldError('code_wrong', 'code')
    await work(tx, userId)
  })
  await ctx.rateLimiter.reset(LIMITS.secondStepByAccount, String(userId))
  await ctx.rateLimiter.reset(LIMITS.passwordChange, String(userId))
}

/**
 * The second step of signing in.
 * @param token of the first one
 * @returns the token of a new session
 * @throws sign_in_anew, code_wrong, rate_limited
 */
export async function finishSignIn(ctx: Ctx, token: string, input: unknown): Promise<string> {
  const { code } = parseInput(secondStep, input)
  await ctx.rateLimiter.consume(LIMITS.secondStepByClient, ctx.clientAddress)
  const first = await linkBehind(ctx, 'second_step', token)
  if (!first) throw accountError('sign_in_anew')
  const { userId } = first
  await ctx.rateLimiter.consume(LIMITS.secondStepByAccount, String(userId))
  const right = await transaction(ctx.db, async (tx) => {
    const kind = await spendCode(tx, ctx, userId, code)
    if (kind === null) return false
    await spendLink(tx, ctx, ['second_step'], token)
    if (kind === 'backup') await emitFromHere(tx, inPerson(ctx, userId), backupCodeUsed, { userId })
    return true
  })
  if (!right) {
    if (await isToBeNoted(ctx, first.present)) await noteRefusal(ctx, userId)
    throw fieldError('code_wrong', 'code')
  }
  await ctx.rateLimiter.reset(LIMITS.secondStepByAccount, String(userId))
  await ctx.rateLimiter.reset(LIMITS.signInByMail, first.present)
  return startSession(ctx, userId)
}

/** Of several at once with the same code, one gets it. @returns what it was; null when it is not right, or was used */
async function spendCode(tx: Tx, ctx: Ctx, userId: number, typed: string): Promise<'app' | 'backup' | null> {
  const read = readCode(typed)
  if (read === null) return null
  if (read.kind === 'backup') {
    const { numDeletedRows } = await tx
      .deleteFrom('backup_codes')
      .where('user_id', '=', userId)
      .where('code_hash', '=', hashOf(ctx, userId, read.code))
      .executeTakeFirst()
    return numDeletedRows > 0n ? 'backup' : null
  }
  const factor = await tx
    .selectFrom('second_factors')
    .where('user_id', '=', userId)
    .select('sealed_secret')
    .executeTakeFirst()
  if (!factor) return null
  const secret = unseal(factorKey(ctx), factor.sealed_secret, factorOf(userId))
  const step = totpStep(secret, read.code, ctx.clock.now().epochMilliseconds)
  if (step === null) return null
  const { numUpdatedRows } = await tx
    .updateTable('second_factors')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return numUpdatedRows > 0n ? 'app' : null
}

const factorOf = (userId: number) => `second-factor:${userId}`

function newBackupCodes(): string[] {
  return Array.from({ length: BACKUP_CODES }, () => backupCodeOf(randomBytes(10)))
}

async function writeBackupCodes(tx: Tx, ctx: Ctx, userId: number, codes: readonly string[]): Promise<void> {
  const rows = codes.map((code) => ({ user_id: userId, code_hash: hashOf(ctx, userId, code.replace('-', '')) }))
  await tx.insertInto('backup_codes').values(rows).execute()
}

function hashOf(ctx: Ctx, userId: number, code: string): string {
  return sign(factorKey(ctx), `backup-code:${userId}:${code}`)
}
