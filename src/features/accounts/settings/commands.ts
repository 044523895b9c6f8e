import { sql, type UpdateObject } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '#platform/ctx.ts'
import type { Tables } from '#platform/db/tables.ts'
import { transaction } from '#platform/db/transaction.ts'
import { type EventDefinition, emit } from '#platform/events.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { appearanceChanged } from '../events.ts'
import {
  digestChanged,
  emailGuardChanged,
  emptySearchMailsChanged,
  generalChanged,
  keyboardChanged,
  metadataChanged,
  visibilityChanged,
} from './events.ts'
import { digest, emailGuard, emptySearches, general, kept, keyboard, ownTheme, visibility } from './schema.ts'

/** @throws invalid_input */
export async function updateGeneral(ctx: Ctx, input: unknown): Promise<void> {
  const { timeZone, locale, hourCycle, weekStart } = parseInput(general, input)
  await updateAccount(ctx, generalChanged, {
    ...{ time_zone: timeZone, locale },
    ...{ hour_cycle: hourCycle, week_start: weekStart },
  })
}

/** @throws invalid_input */
export async function updateVisibility(ctx: Ctx, input: unknown): Promise<void> {
  const { searchIndexed, groupLinks } = parseInput(visibility, input)
  await updateAccount(ctx, visibilityChanged, { search_indexed: searchIndexed, group_links: groupLinks })
}

/** Only addresses that are proven to be the account's are guarded. @throws invalid_input */
export async function updateEmailGuard(ctx: Ctx, input: unknown): Promise<void> {
  const { emailGuarded } = parseInput(emailGuard, input)
  await updateAccount(ctx, emailGuardChanged, { email_guarded: emailGuarded })
}

/** @throws invalid_input */
export async function updateKeyboard(ctx: Ctx, input: unknown): Promise<void> {
  await updateAccount(ctx, keyboardChanged, parseInput(keyboard, input))
}

/** Nothing but how the product looks for whoever acts. @throws invalid_input */
export async function chooseTheme(ctx: Ctx, input: unknown): Promise<void> {
  await updateAccount(ctx, appearanceChanged, parseInput(ownTheme, input))
}

/** Replaces what programs keep with the account. @throws invalid_input */
export async function replaceMetadata(ctx: Ctx, input: unknown): Promise<void> {
  const { metadata } = parseInput(kept, input)
  await updateAccount(ctx, metadataChanged, { metadata: JSON.stringify(metadata) })
}

/** Turned on twice, it is on since the first time. @throws invalid_input */
export async function updateDigest(ctx: Ctx, input: unknown): Promise<void> {
  const { monthlyDigest } = parseInput(digest, input)
  const since = monthlyDigest
    ? sql<Temporal.Instant>`coalesce(monthly_digest_since, ${ctx.clock.now()}::timestamptz)`
    : null
  await updateAccount(ctx, digestChanged, { monthly_digest_since: since })
}

/** @throws invalid_input */
export async function updateEmptySearchMails(ctx: Ctx, input: unknown): Promise<void> {
  const { emptySearchMails } = parseInput(emptySearches, input)
  await updateAccount(ctx, emptySearchMailsChanged, { empty_search_mails: emptySearchMails })
}

/** Writes settings of whoever acts, together with the fact that they changed. */
export async function updateAccount(
  ctx: Ctx,
  changed: EventDefinition<{ userId: number }>,
  settings: Omit<UpdateObject<Tables, 'users'>, 'updated_at'>,
): Promise<void> {
  const { userId } = userScope(ctx)
  await transaction(ctx.db, async (tx) => {
    await tx
      .updateTable('users')
      .set({ ...settings, updated_at: ctx.clock.now() })
      .where('id', '=', userId)
      .execute()
    await emit(tx, ctx, changed, { userId })
  })
}
