import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { hashToken, randomToken } from '#platform/crypto.ts'
import type { Db } from '#platform/db/connect.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { accountError } from '../errors.ts'
import { hasAccounts } from '../queries.ts'
import { SET_UP_LINK, storedLinkHash } from './queries.ts'

/** Whoever makes the first account holds this, so that there can be only one. */
const FIRST_ACCOUNT_LOCK = 4_815_162

/**
 * Makes the token of the one-time set-up link; older ones end. Only its hash is stored.
 * @returns null when the instance has an account already.
 */
export async function issueSetUpLink(db: Db): Promise<string | null> {
  return transaction(db, async (tx) => {
    if (!(await isFirstAccount(tx))) return null
    const token = randomToken()
    const value = JSON.stringify({ hash: hashToken(token).toString('base64') })
    await tx
      .insertInto('instance_settings')
      .values({ key: SET_UP_LINK, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute()
    return token
  })
}

/**
 * Spends the set-up link, in the transaction that creates the owner.
 * @throws set_up_done, set_up_link_invalid
 */
export async function spendSetUpLink(tx: Tx, token: string): Promise<void> {
  if (!(await isFirstAccount(tx))) throw accountError('set_up_done')
  const hash = await storedLinkHash(tx)
  if (hash === null || !timingSafeEqual(hash, hashToken(token))) throw accountError('set_up_link_invalid')
  await tx.deleteFrom('instance_settings').where('key', '=', SET_UP_LINK).execute()
}

/** True at most for one transaction at a time, which may then make that account; others wait for its end. */
export async function isFirstAccount(tx: Tx): Promise<boolean> {
  if (await hasAccounts(tx)) return false
  await sql`select pg_advisory_xact_lock(${FIRST_ACCOUNT_LOCK})`.execute(tx)
  return !(await hasAccounts(tx))
}
