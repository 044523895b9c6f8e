import type { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { WEEKDAYS } from '#platform/http/api/hours.ts'
import type { Metadata } from '#platform/metadata.ts'
import type { Account } from '../types.ts'
import type { me } from './schema.ts'

export function presentedMe(account: Account, metadata: Metadata, { config }: Pick<Ctx, 'config'>): z.input<typeof me> {
  const { id, username, email, name, bio, timeZone, locale, defaultScheduleId } = account
  return {
    ...{ id, username, email, name, timeZone, locale, defaultScheduleId },
    bio: bio || null,
    avatarUrl: pictureOf(account, { config }),
    timeFormat: account.hourCycle === 'h12' ? 12 : 24,
    weekStart: WEEKDAYS[account.weekStart] ?? 'Monday',
    organizationId: null,
    metadata,
  }
}

/** Where the picture of an account is; null: it has none. */
export function pictureOf(
  { username, avatarEtag }: Pick<Account, 'username' | 'avatarEtag'>,
  { config }: Pick<Ctx, 'config'>,
): string | null {
  return avatarEtag && `${config.url.origin}/avatar/${username}?v=${avatarEtag}`
}
