import { hashPassword, verifyPassword } from '#platform/crypto.ts'
import { type Ctx, inPerson } from '#platform/ctx.ts'
import { type Tx, transaction, violatedConstraint } from '#platform/db/transaction.ts'
import { invalidInput, isAppError } from '#platform/errors.ts'
import { emit } from '#platform/events.ts'
import { canonicalMailAddress } from '#platform/fields.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { accountError, fieldError } from './errors.ts'
import { accountCreated, appearanceChanged, passwordChanged, profileChanged } from './events.ts'
import { endLinks, issueLink, requireUnreserved } from './links/commands.ts'
import { tokenOf } from './links/queries.ts'
import { emitFromHere } from './origins/commands.ts'
import { authorizeOwnSecurity } from './policy.ts'
import { judgePassword, LIMITS, MOST_PASSWORD_LENGTH } from './rules.ts'
import { appearance, credentials, type NewAccount, newAccount, passwordChange, profile } from './schema.ts'
import { endOtherSessions, noteRefusal, startSession } from './sessions/commands.ts'
import { updateAccount } from './settings/commands.ts'
import { type Account, type Role, START_STEPS } from './types.ts'
import { holdFormerUsername } from './usernames/commands.ts'

/** A new account, checked and with its password hashed: all that takes time, done before any transaction. */
export interface PreparedAccount extends Omit<NewAccount, 'password'> {
  passwordHash: string
}

/** @throws invalid_input naming each field */
export async function prepareAccount(input: unknown): Promise<PreparedAccount> {
  const { password, ...account } = parseInput(newAccount, input)
  requireGoodPassword(password, account.email, 'password')
  return { ...account, passwordHash: await hashPassword(password) }
}

/**
 * Writes the account, in the caller's transaction, which also gives it what it starts with.
 * @returns its id
 * @throws email_taken, username_taken: an account that exists is never touched.
 */
export async function createAccount(
  tx: Tx,
  ctx: Ctx,
  account: PreparedAccount & Pick<Account, 'role' | 'locale' | 'hourCycle' | 'weekStart'>,
): Promise<number> {
  try {
    const { id } = await tx
      .insertInto('users')
      .values({
        email: account.email,
        username: account.username,
        name: account.name,
        password_hash: account.passwordHash,
        role: account.role satisfies Role,
        time_zone: account.timeZone,
        locale: account.locale,
        hour_cycle: account.hourCycle,
        week_start: account.weekStart,
        getting_started: START_STEPS[0],
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await requireUnreserved(tx, ctx, account.email, id)
    await emit(tx, inPerson(ctx, id), accountCreated, { userId: id })
    return id
  } catch (error) {
    throw takenError(error) ?? error
  }
}

/**
 * Compares in the same steps whether or not the mail is known, and says the same.
 * @returns the token of a new session; of an account with a second step, the one that `finishSignIn` takes
 * @throws wrong_credentials, rate_limited
 */
export async function signIn(ctx: Ctx, input: unknown): Promise<{ token: string; next: 'in' | 'second_step' }> {
  const { email, password } = parseInput(credentials, input)
  const address = canonicalMailAddress(email) ?? ''
  await ctx.rateLimiter.consume(LIMITS.signInByClient, ctx.clientAddress)
  await ctx.rateLimiter.consume(LIMITS.signInByMail, address)
  const account = await ctx.db
    .selectFrom('users')
    .leftJoin('second_factors', 'second_factors.user_id', 'users.id')
    .select(['users.id', 'users.password_hash', 'second_factors.user_id as factor'])
    .where((eb) => eb(eb.fn<string>('lower', ['users.email']), '=', address))
    .executeTakeFirst()
  const right = await isPassword(password, account?.password_hash ?? null)
  if (!account || !right) {
    if (await isToBeNoted(ctx, address)) await noteRefusal(ctx, account?.id ?? null)
    throw accountError('wrong_credentials')
  }
  const { id: userId } = account
  if (account.factor !== null) {
    const link = { kind: 'second_step', userId, email: address } as const
    const id = await transaction(ctx.db, (tx) => issueLink(tx, ctx, link))
    return { token: tokenOf(ctx, id), next: 'second_step' }
  }
  await ctx.rateLimiter.reset(LIMITS.signInByMail, address)
  return { token: await startSession(ctx, userId), next: 'in' }
}

/** So many in a log say all there is to say. It does not depend on whether anybody has that address, for that must not be told by time. */
export async function isToBeNoted({ rateLimiter, clientAddress }: Ctx, address: string): Promise<boolean> {
  try {
    await rateLimiter.consume(LIMITS.notedByMail, address)
    await rateLimiter.consume(LIMITS.notedByClient, clientAddress)
    return true
  } catch (refusal) {
    if (isAppError(refusal)) return false
    throw refusal
  }
}

/** A username that is given up stays with the account for a while. @throws username_taken, invalid_input */
export async function updateProfile(ctx: Ctx, input: unknown): Promise<void> {
  const { name, username, bio } = parseInput(profile, input)
  const { userId } = userScope(ctx)
  try {
    await transaction(ctx.db, async (tx) => {
      await holdFormerUsername(tx, ctx, { userId, next: username })
      await updateAccount({ ...ctx, db: tx }, profileChanged, { name, username, bio })
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}

/** @throws invalid_input */
export async function updateAppearance(ctx: Ctx, input: unknown): Promise<void> {
  const { theme, pageTheme, brandColor, brandColorDark, hideBranding } = parseInput(appearance, input)
  await updateAccount(ctx, appearanceChanged, {
    ...{ theme, page_theme: pageTheme },
    ...{ brand_color: brandColor, brand_color_dark: brandColorDark, hide_branding: hideBranding },
  })
}

/**
 * Sets a new password, signs every other device out, and ends links that were mailed.
 * @throws current_password_wrong, invalid_input, rate_limited
 */
export async function changePassword(ctx: Ctx, input: unknown, currentSessionId: string): Promise<void> {
  authorizeOwnSecurity(ctx.actor)
  const { currentPassword, newPassword } = parseInput(passwordChange, input)
  const { userId, email } = await requireOwnPassword(ctx, currentPassword, 'currentPassword')
  requireGoodPassword(newPassword, email, 'newPassword')
  const hash = await hashPassword(newPassword)
  await transaction(ctx.db, async (tx) => {
    await tx
      .updateTable('users')
      .set({ password_hash: hash, updated_at: ctx.clock.now() })
      .where('id', '=', userId)
      .execute()
    await endOtherSessions(tx, userId, currentSessionId)
    await endLinks(tx, userId)
    await emitFromHere(tx, ctx, passwordChanged, { userId })
  })
  await ctx.rateLimiter.reset(LIMITS.passwordChange, String(userId))
}

/**
 * Lets through the person of a session who knows their password, for what cannot be taken back.
 * @param path of the field it was typed into
 * @throws needs_session, current_password_wrong, rate_limited
 */
export async function requireOwnPassword(
  ctx: Ctx,
  password: string,
  path: string,
): Promise<{ userId: number; email: string }> {
  const { userId } = authorizeOwnSecurity(ctx.actor)
  await ctx.rateLimiter.consume(LIMITS.passwordChange, String(userId))
  const { email, password_hash } = await ctx.db
    .selectFrom('users')
    .select(['email', 'password_hash'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  if (!(await isPassword(password, password_hash))) throw fieldError('current_password_wrong', path)
  return { userId, email }
}

/** No stored password is longer than allowed, so a longer one need not be read to its end to be wrong. */
function isPassword(password: string, hash: string | null): Promise<boolean> {
  return verifyPassword(password.slice(0, MOST_PASSWORD_LENGTH * 2 + 1), hash)
}

/** @throws invalid_input */
export function requireGoodPassword(password: string, email: string, path: string): void {
  const verdict = judgePassword(password, email)
  if (!verdict.ok) throw invalidInput([{ path, code: verdict.reason, message: verdict.reason }])
}

/** What the account wants is somebody else's already. */
export function takenError(error: unknown): Error | null {
  const constraint = violatedConstraint(error)
  if (constraint === 'users_email') return fieldError('email_taken', 'email')
  if (constraint === 'users_username') return fieldError('username_taken', 'username')
  return null
}
