import { type Selectable, sql } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import type { Tables } from '#platform/db/tables.ts'
import type { Tx } from '#platform/db/transaction.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import type { UserScope } from '#platform/scope.ts'
import type { Account, PublicProfile } from './types.ts'

export const ACCOUNT_COLUMNS = [
  'users.id',
  'users.email',
  'users.username',
  'users.name',
  'users.role',
  'users.bio',
  'users.avatar_etag',
  'users.time_zone',
  'users.locale',
  'users.hour_cycle',
  'users.week_start',
  'users.theme',
  'users.brand_color',
  'users.brand_color_dark',
  'users.default_schedule_id',
  'users.group_links',
  'users.getting_started',
  'users.page_theme',
  'users.hide_branding',
  'users.search_indexed',
  'users.session_minutes',
  'users.email_proven_at',
  'users.email_guarded',
  'users.monthly_digest_since',
  'users.empty_search_mails',
  'users.shortcuts',
] as const

type AccountRow = Pick<
  Selectable<Tables['users']>,
  (typeof ACCOUNT_COLUMNS)[number] extends `users.${infer C}` ? C & keyof Tables['users'] : never
>

export function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    email: row.email,
    username: row.username,
    name: row.name,
    role: row.role,
    bio: row.bio,
    avatarEtag: row.avatar_etag,
    timeZone: row.time_zone,
    locale: isLocale(row.locale) ? row.locale : 'en',
    hourCycle: row.hour_cycle,
    weekStart: row.week_start,
    theme: row.theme,
    brandColor: row.brand_color,
    brandColorDark: row.brand_color_dark,
    defaultScheduleId: row.default_schedule_id,
    groupLinks: row.group_links,
    gettingStarted: row.getting_started,
    pageTheme: row.page_theme,
    hideBranding: row.hide_branding,
    searchIndexed: row.search_indexed,
    sessionMinutes: row.session_minutes,
    monthlyDigest: row.monthly_digest_since !== null,
    emptySearchMails: row.empty_search_mails,
    emailProven: row.email_proven_at !== null,
    emailGuarded: row.email_guarded,
    shortcuts: row.shortcuts,
  }
}

export async function ownAccount({ userId }: UserScope, db: Db): Promise<Account> {
  const row = await db.selectFrom('users').select(ACCOUNT_COLUMNS).where('id', '=', userId).executeTakeFirstOrThrow()
  return accountOf(row)
}

/** For everyone; null when nobody has that username. */
export async function publicProfile(db: Db, username: string): Promise<PublicProfile | null> {
  const row = await db
    .selectFrom('users')
    .select(['name', 'username', 'bio', 'avatar_etag as avatarEtag', 'brand_color as brandColor'])
    .select([
      'brand_color_dark as brandColorDark',
      'page_theme as theme',
      'hide_branding as hideBranding',
      'search_indexed as searchIndexed',
    ])
    .where('username', '=', username)
    .executeTakeFirst()
  return row ?? null
}

/** False until somebody has set the instance up. */
export async function hasAccounts(db: Db | Tx): Promise<boolean> {
  const { rows } = await sql`select from users limit 1`.execute(db)
  return rows.length > 0
}
