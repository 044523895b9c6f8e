import { sql } from 'kysely'
import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { CODE_MINUTES, codeOf } from '#platform/mail/codes.ts'
import type { UserScope } from '#platform/scope.ts'
import { accountError } from '../errors.ts'
import type { VerifiedEmail } from './types.ts'

export interface VerifiedEmailPage {
  emails: VerifiedEmail[]
  /** Of the whole list, and of those that come before this page. */
  total: number
  before: number
  /** Id after which the next page begins; null: this was the last. */
  next: number | null
}

/** Two statements: proven addresses of an account, the first ones first. `after` is the `next` of the page before, instead of `skip`. */
export async function listVerifiedEmails(
  db: Db,
  { userId }: UserScope,
  { skip = 0, take, after }: { skip?: number; take: number; after?: number },
): Promise<VerifiedEmailPage> {
  const own = db.selectFrom('verified_emails').where('user_id', '=', userId)
  const rows = await own
    .where('id', '>', after ?? 0)
    .select(['id', 'email'])
    .orderBy('id')
    .offset(after === undefined ? skip : 0)
    .limit(take + 1)
    .execute()
  const { total, passed } = await own
    .select(({ fn }) => [
      fn.countAll<number>().as('total'),
      fn
        .countAll<number>()
        .filterWhere('id', '<=', after ?? 0)
        .as('passed'),
    ])
    .executeTakeFirstOrThrow()
  const emails = rows.slice(0, take)
  return {
    ...{ emails, total: Number(total), before: after === undefined ? skip : Number(passed) },
    next: rows.length > take ? (emails.at(-1)?.id ?? null) : null,
  }
}

/** @throws verified_email_not_found, whoever else may own it */
export async function findVerifiedEmail(db: Db | Tx, { userId }: UserScope, id: number): Promise<VerifiedEmail> {
  const row = await db
    .selectFrom('verified_emails')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .select(['id', 'email'])
    .executeTakeFirst()
  if (!row) throw accountError('verified_email_not_found')
  return row
}

/** Addresses whose codes are under way, the last one first. They are few: asking for codes is bounded. */
export async function emailsToProve(
  { userId }: UserScope,
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('email_proofs')
    .where('user_id', '=', userId)
    .where('expires_at', '>', clock.now())
    .select('email')
    .orderBy('created_at', 'desc')
    .orderBy('email')
    .execute()
  return rows.map((row) => row.email)
}

/** Whether an address is known to be of one of these accounts: theirs, or a further one. @param email canonical */
export async function isAddressOf(db: Db | Tx, userIds: readonly number[], email: string): Promise<boolean> {
  const { rows } = await sql<{ own: boolean }>`
    select exists (select from users where id = any(${[...userIds]}::int8[]) and lower(email) = ${email})
      or exists (select from verified_emails where user_id = any(${[...userIds]}::int8[]) and email = ${email}) as own
  `.execute(db)
  return rows[0]?.own ?? false
}

/** The address of an account, and its further ones. */
export async function addressesOfAccount(db: Db | Tx, userId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .where('id', '=', userId)
    .select('email')
    .unionAll(db.selectFrom('verified_emails').where('user_id', '=', userId).select('email'))
    .execute()
  return rows.map((row) => row.email)
}

/** How deliveries name a code. */
export const PROOF_SUBJECT = 'email-proof:'

/** A code with what its mail needs. Null when it has expired, was used, or a newer one was sent. */
export async function emailProofMail(ctx: Ctx, id: string) {
  const row = await ctx.db
    .selectFrom('email_proofs as p')
    .innerJoin('users as u', 'u.id', 'p.user_id')
    .where('p.id', '=', id)
    .where('p.expires_at', '>', ctx.clock.now())
    .select(['p.email', 'u.locale', 'u.name'])
    .executeTakeFirst()
  return row ? { ...row, code: codeOf(ctx, id), minutes: CODE_MINUTES } : null
}
