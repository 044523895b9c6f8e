import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { hashToken } from '#platform/crypto.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { accountError } from '../errors.ts'
import { hasAccounts } from '../queries.ts'

export const SET_UP_LINK = 'set_up_link'

const stored = z.object({ hash: z.base64().length(44) })

/**
 * Lets through who came by the present set-up link, without spending it.
 * @throws set_up_done, set_up_link_invalid
 */
export async function requireSetUpLink(db: Db, token: string): Promise<void> {
  const hash = await storedLinkHash(db)
  if (hash !== null && timingSafeEqual(hash, hashToken(token))) return
  throw accountError((await hasAccounts(db)) ? 'set_up_done' : 'set_up_link_invalid')
}

export async function storedLinkHash(db: Db | Tx): Promise<Buffer | null> {
  const row = await db.selectFrom('instance_settings').select('value').where('key', '=', SET_UP_LINK).executeTakeFirst()
  return row ? Buffer.from(stored.parse(row.value).hash, 'base64') : null
}
