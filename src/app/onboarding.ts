import { createAccount, type PreparedAccount, prepareAccount } from '#features/accounts/commands.ts'
import { accountError } from '#features/accounts/errors.ts'
import { instanceSetUp } from '#features/accounts/events.ts'
import { mailProof } from '#features/accounts/mail-address/commands.ts'
import { hasAccounts } from '#features/accounts/queries.ts'
import { habitsOf, LIMITS } from '#features/accounts/rules.ts'
import { isFirstAccount, issueSetUpLink, spendSetUpLink } from '#features/accounts/set-up/commands.ts'
import { requireSetUpLink } from '#features/accounts/set-up/queries.ts'
import type { Role } from '#features/accounts/types.ts'
import { createDefaultSchedule } from '#features/schedules/commands.ts'
import { type Ctx, inPerson } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'

/** Accept-Language of the browser, for how times are written and weeks begin; null for other ways in. */
type Languages = string | null

/** The address at which the owner sets the instance up; null once it has an account. Each call ends the address given before. */
export async function newSetUpLink({ db, config }: Pick<Ctx, 'db' | 'config'>): Promise<string | null> {
  const token = await issueSetUpLink(db)
  return token && `${config.url.origin}/setup/${token}`
}

/**
 * Makes the owner's account by the one-time link.
 * @returns the id of the account
 * @throws set_up_done, set_up_link_invalid, invalid_input, rate_limited
 */
export async function setUp(ctx: Ctx, token: string, input: unknown, languages: Languages): Promise<number> {
  await ctx.rateLimiter.consume(LIMITS.setUp, ctx.clientAddress)
  await requireSetUpLink(ctx.db, token)
  const account = await prepareAccount(input)
  return transaction(ctx.db, async (tx) => {
    await spendSetUpLink(tx, token)
    const userId = await furnish(tx, ctx, account, 'owner', languages)
    await emit(tx, inPerson(ctx, userId), instanceSetUp, { userId })
    return userId
  })
}

/**
 * Makes an account for whoever asks, where that is allowed, and mails a link to prove the address.
 * @returns the id of the account
 * @throws sign_up_closed, not_set_up, email_taken, username_taken, invalid_input, rate_limited
 */
export async function signUp(ctx: Ctx, input: unknown, languages: Languages): Promise<number> {
  if (!ctx.config.signUp) throw accountError('sign_up_closed')
  await ctx.rateLimiter.consume(LIMITS.signUp, ctx.clientAddress)
  const account = await prepareAccount(input)
  return transaction(ctx.db, async (tx) => {
    if (!(await hasAccounts(tx))) throw accountError('not_set_up')
    const userId = await furnish(tx, ctx, account, 'member', languages)
    if (ctx.mail.configured) await mailProof(tx, ctx, userId, account.email)
    return userId
  })
}

/**
 * Makes an account on the authority of whoever runs the instance. The first one owns it.
 * @param then more to do in the same transaction
 */
export async function createUser<T>(
  ctx: Ctx,
  input: unknown,
  wanted: Exclude<Role, 'owner'>,
  then: (tx: Tx, created: { id: number; role: Role }) => Promise<T>,
): Promise<T> {
  const account = await prepareAccount(input)
  return transaction(ctx.db, async (tx) => {
    const role = (await isFirstAccount(tx)) ? 'owner' : wanted
    const id = await furnish(tx, ctx, account, role, null)
    return then(tx, { id, role })
  })
}

/** The account and what every account starts with. */
async function furnish(tx: Tx, ctx: Ctx, account: PreparedAccount, role: Role, languages: Languages): Promise<number> {
  const { locale } = ctx
  const id = await createAccount(tx, ctx, { ...account, role, locale, ...habitsOf(languages) })
  await createDefaultSchedule(tx, inPerson(ctx, id), { userId: id, timeZone: account.timeZone, locale })
  return id
}
