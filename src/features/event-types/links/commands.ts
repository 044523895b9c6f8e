import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { encrypt, hashToken, randomUid } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type Tx, transaction } from '#platform/db/transaction.ts'
import { emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { linkError } from './errors.ts'
import { privateLinkCreated, privateLinkRevoked, privateLinkUpdated } from './events.ts'
import { linkOf, sealingKey } from './queries.ts'
import { linkStateOf, MOST_OPEN_LINKS } from './rules.ts'
import {
  type NewPrivateLink,
  newPrivateLink,
  type PrivateLinkChange,
  type PrivateLinkKey,
  privateLinkChange,
  privateLinkKey,
} from './schema.ts'
import type { PrivateLink } from './types.ts'

/**
 * Makes a link to an event type of one's own; its token has 144 random bits.
 * @throws invalid_input, event_type_not_found, duration_not_offered, link_expired, too_many_links
 */
export async function createPrivateLink(
  ctx: Ctx,
  input: NewPrivateLink,
): Promise<{ id: number; token: string; slug: string }> {
  const scope = userScope(ctx)
  const { eventTypeId, label, person, expiresAt, mostUses, starts, duration } = parseInput(newPrivateLink, input)
  const now = ctx.clock.now()
  const fresh = { revokedAt: null, expiresAt, mostUses, uses: 0, starts }
  if (linkStateOf(fresh, now.epochMilliseconds) !== 'open') throw linkError('link_expired')
  const token = randomUid()
  return transaction(ctx.db, async (tx) => {
    const { slug, durations } = await lockOwn(tx, scope, eventTypeId)
    if (duration !== null && !durations.includes(duration)) throw linkError('duration_not_offered', { duration })
    await requireRoom(tx, eventTypeId, now)
    const { id } = await tx
      .insertInto('private_links')
      .values({
        event_type_id: eventTypeId,
        token_hash: hashToken(token),
        sealed_token: encrypt(sealingKey(ctx.config), token),
        label,
        person_name: person?.name ?? '',
        person_email: person?.email ?? '',
        starts: starts === null ? null : JSON.stringify(starts),
        duration,
        expires_at: expiresAt === null ? null : Temporal.Instant.fromEpochMilliseconds(expiresAt),
        most_uses: mostUses,
        created_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await emit(tx, ctx, privateLinkCreated, { eventTypeId, linkId: id })
    return { id, token, slug }
  })
}

/**
 * Gives a link another end or number of uses.
 * @throws invalid_input, event_type_not_found, link_not_found, link_revoked, link_expired for an end that is over
 */
export async function updatePrivateLink(ctx: Ctx, input: PrivateLinkChange): Promise<void> {
  const scope = userScope(ctx)
  const { eventTypeId, id, expiresAt, mostUses } = parseInput(privateLinkChange, input)
  const now = ctx.clock.now()
  if (expiresAt != null && expiresAt <= now.epochMilliseconds) throw linkError('link_expired')
  await transaction(ctx.db, async (tx) => {
    await lockOwn(tx, scope, eventTypeId)
    const row = await tx
      .selectFrom('private_links')
      .selectAll()
      .where('id', '=', id)
      .where('event_type_id', '=', eventTypeId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw linkError('link_not_found')
    const state = linkStateOf(linkOf(row), now.epochMilliseconds)
    if (state === 'revoked') throw linkError('link_revoked')
    // One that has come to its end may be open again, and then counts among the open ones.
    if (state !== 'open') await requireRoom(tx, eventTypeId, now)
    const end = expiresAt === null ? null : Temporal.Instant.fromEpochMilliseconds(expiresAt ?? 0)
    await tx
      .updateTable('private_links')
      .set({
        ...(expiresAt !== undefined && { expires_at: end }),
        ...(mostUses !== undefined && { most_uses: mostUses }),
      })
      .where('id', '=', id)
      .execute()
    await emit(tx, ctx, privateLinkUpdated, { eventTypeId, linkId: id })
  })
}

/** From now on nobody books over it; what was booked stays. Taking it back twice is no error. @throws link_not_found */
export async function revokePrivateLink(ctx: Ctx, input: PrivateLinkKey): Promise<void> {
  const scope = userScope(ctx)
  const { eventTypeId, id } = parseInput(privateLinkKey, input)
  await transaction(ctx.db, async (tx) => {
    await lockOwn(tx, scope, eventTypeId)
    const row = await tx
      .updateTable('private_links')
      .set({ revoked_at: sql<Temporal.Instant>`coalesce(revoked_at, ${ctx.clock.now()}::timestamptz)` })
      .where('id', '=', id)
      .where('event_type_id', '=', eventTypeId)
      .returning('id')
      .executeTakeFirst()
    if (!row) throw linkError('link_not_found')
    await emit(tx, ctx, privateLinkRevoked, { eventTypeId, linkId: id })
  })
}

/** What somebody wants to book over a link. */
export interface LinkUse {
  token: string
  eventTypeId: number
  /** As it is stored: see `mailAddress`. */
  email: string
}

/**
 * Counts one booking over a link, in the transaction of that booking: rivals for its last use wait here, and then find it used up.
 * @throws link_not_found, link_expired, link_used_up, link_revoked, link_for_another
 */
export async function countUse(tx: Tx, ctx: Ctx, { token, eventTypeId, email }: LinkUse): Promise<PrivateLink> {
  const row = await tx
    .selectFrom('private_links')
    .selectAll()
    .where('token_hash', '=', hashToken(token))
    .where('event_type_id', '=', eventTypeId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw linkError('link_not_found')
  const link = linkOf(row)
  requireOpen(link, ctx.clock.now().epochMilliseconds)
  if (link.person && link.person.email !== email) throw linkError('link_for_another')
  await tx
    .updateTable('private_links')
    .set({ uses: link.uses + 1 })
    .where('id', '=', link.id)
    .execute()
  return link
}

/** @throws link_expired, link_used_up, link_revoked */
export function requireOpen(link: PrivateLink, now: number): void {
  const state = linkStateOf(link, now)
  if (state !== 'open') throw linkError(`link_${state}`)
}

async function lockOwn(
  tx: Tx,
  { userId }: UserScope,
  eventTypeId: number,
): Promise<{ slug: string; durations: number[] }> {
  const row = await tx
    .selectFrom('event_types')
    .select(['slug', 'durations'])
    .where('id', '=', eventTypeId)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw linkError('event_type_not_found')
  return row
}

async function requireRoom(tx: Tx, eventTypeId: number, now: Temporal.Instant): Promise<void> {
  const { open } = await tx
    .selectFrom('private_links')
    .where('event_type_id', '=', eventTypeId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .where((eb) => eb.or([eb('most_uses', 'is', null), eb('uses', '<', eb.ref('most_uses'))]))
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .executeTakeFirstOrThrow()
  if (open >= MOST_OPEN_LINKS) throw linkError('too_many_links', { max: MOST_OPEN_LINKS })
}
