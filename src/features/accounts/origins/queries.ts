import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '#platform/db/connect.ts'
import { deviceOf } from '../sessions/rules.ts'

const actorOf = z.object({ kind: z.string(), via: z.string().optional() })

/** Something that happened to an account, with what its person is told of it. Null when one of the two is gone. */
export async function happening(db: Db, eventId: string) {
  const row = await db
    .selectFrom('events as e')
    .innerJoin('users', 'users.id', 'e.owner_id')
    .leftJoin('sign_ins as s', 's.id', 'e.id')
    .where('e.id', '=', eventId)
    .select(['e.name', 'e.actor', 'e.occurred_at as at', 's.user_agent'])
    .select(['users.name as person', 'users.email', 'users.locale', 'users.time_zone as timeZone'])
    .select('users.hour_cycle as hourCycle')
    .select([
      sql<string | null>`(select k.label from api_keys k where e.subject = 'api-key:' || k.id)`.as('key'),
      sql<string | null>`(select v.email from verified_emails v
        where v.user_id = users.id and v.id = (e.payload ->> 'verifiedEmailId')::bigint)`.as('address'),
    ])
    .executeTakeFirst()
  if (!row) return null
  const { actor, user_agent, ...rest } = row
  return { ...rest, by: byOf(actorOf.parse(actor)), device: deviceOf(user_agent ?? '') }
}

function byOf({ kind, via }: z.output<typeof actorOf>): 'operator' | 'program' | 'person' {
  if (kind === 'system') return 'operator'
  return via === 'api_key' ? 'program' : 'person'
}
