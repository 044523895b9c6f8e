import type { Ctx } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
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
export async function findVerifiedEmail(db: Db, { userId }: UserScope, id: number): Promise<VerifiedEmail> {
  const row = await db
    .selectFrom('verified_emails')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .select(['id', 'email'])
    .executeTakeFirst()
  if (!row) throw accountError('verified_email_not_found')
  return row
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
