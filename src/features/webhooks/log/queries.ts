import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { findWebhook } from '../queries.ts'
import type { LoggedDelivery } from '../types.ts'

const PAGE = 20
/** Tries of one delivery that are shown, the latest. */
const MOST_TRIES = 5

export interface LogPage {
  deliveries: LoggedDelivery[]
  /** Where the next page begins; null: this was the last. */
  next: string | null
}

/**
 * What a webhook was told, the newest first.
 * @param after `next` of the page before @throws webhook_not_found
 */
export async function listDeliveries(
  db: Db,
  scope: UserScope,
  { webhookId, after, size = PAGE }: { webhookId: number; after?: string | null; size?: number },
): Promise<LogPage> {
  await findWebhook(db, scope, webhookId)
  const from = cursorOf(after)
  const rows = await db
    .selectFrom('deliveries as d')
    .where('d.kind', '=', 'webhook')
    .where('d.target', '=', String(webhookId))
    .$if(from !== null, (query) =>
      query.where(sql<boolean>`(d.created_at, d.id) < (${from?.at}::timestamptz, ${from?.id}::uuid)`),
    )
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(size + 1)
    .select(['d.id', 'd.topic', 'd.subject', 'd.state', 'd.reason', 'd.attempts', 'd.created_at', 'd.next_at'])
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom('webhook_attempts as a')
          .whereRef('a.delivery_id', '=', 'd.id')
          .orderBy('a.id', 'desc')
          .limit(MOST_TRIES)
          .select(['a.id', 'a.url', 'a.request_headers', 'a.request_body', 'a.status', 'a.failure'])
          .select(['a.response_headers', 'a.response_body', 'a.milliseconds'])
          .select(sql<number>`floor(extract(epoch from a.created_at) * 1000)::int8`.as('at')),
      ).as('tries'),
    )
    .execute()
  const deliveries = rows.slice(0, size).map(loggedOf)
  const last = rows[size - 1]
  const next = rows.length > size && last ? `${last.created_at.toString()}_${last.id}` : null
  return { deliveries, next }
}

/** How many deliveries the log of a webhook has, and how many are as new as `after` or newer. */
export async function countDeliveries(
  db: Db,
  { webhookId, after }: { webhookId: number; after?: string },
): Promise<{ total: number; passed: number }> {
  const from = cursorOf(after)
  const passed =
    from === null
      ? sql`0`
      : sql`count(*) filter (where (created_at, id) >= (${from.at}::timestamptz, ${from.id}::uuid))`
  const { rows } = await sql<{ total: number; passed: number }>`
    select count(*) as total, ${passed} as passed from deliveries where kind = 'webhook' and target = ${String(webhookId)}
  `.execute(db)
  return { total: Number(rows[0]?.total ?? 0), passed: Number(rows[0]?.passed ?? 0) }
}

function cursorOf(text: string | null | undefined): { at: string; id: string } | null {
  const match = /^(\d{4}-\d\d-\d\dT[\d:.]{8,16}Z)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text ?? '')
  return match?.[1] && match[2] ? { at: match[1], id: match[2] } : null
}

interface Row {
  id: string
  topic: string
  subject: string
  state: LoggedDelivery['state']
  reason: string | null
  attempts: number
  created_at: { epochMilliseconds: number }
  next_at: { epochMilliseconds: number } | null
  tries: {
    id: string
    url: string
    request_headers: Record<string, string>
    request_body: string
    status: number | null
    failure: string | null
    response_headers: Record<string, string | string[]>
    response_body: string
    milliseconds: number
    at: number
  }[]
}

function loggedOf({ topic: trigger, created_at, next_at, tries, ...rest }: Row): LoggedDelivery {
  return {
    ...rest,
    trigger,
    createdAt: created_at.epochMilliseconds,
    nextAt: rest.state === 'waiting' ? (next_at?.epochMilliseconds ?? null) : null,
    tries: tries.map(({ status, url, ...one }) => ({
      ...{ id: one.id, at: one.at, failure: one.failure, milliseconds: one.milliseconds },
      request: { url, headers: one.request_headers, body: one.request_body },
      response: status === null ? null : { status, headers: one.response_headers, body: one.response_body },
    })),
  }
}
