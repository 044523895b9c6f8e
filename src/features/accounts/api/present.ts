import type { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import type { Account } from '../types.ts'
import { type me, WEEKDAYS } from './schema.ts'

export function presentedMe(account: Account, { config }: Pick<Ctx, 'config'>): z.input<typeof me> {
  const { id, username, email, name, bio, avatarEtag, timeZone, locale, defaultScheduleId } = account
  return {
    ...{ id, username, email, name, timeZone, locale, defaultScheduleId },
    bio: bio || null,
    avatarUrl: avatarEtag && `${config.url.origin}/avatar/${username}?v=${avatarEtag}`,
    timeFormat: account.hourCycle === 'h12' ? 12 : 24,
    weekStart: WEEKDAYS[account.weekStart] ?? 'Monday',
    organizationId: null,
  }
}
