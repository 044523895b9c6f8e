import type { Locale } from '#platform/i18n/locale.ts'

export type Role = 'owner' | 'admin' | 'member'
export type HourCycle = 'h12' | 'h23'
export type Theme = 'system' | 'light' | 'dark'

/** A person's own view of their account. Pages for others pick from it. */
export interface Account {
  id: number
  email: string
  /** The first part of their public addresses. */
  username: string
  name: string
  role: Role
  bio: string
  /** Changes with the picture; null: there is none. */
  avatarEtag: string | null
  /** IANA name. */
  timeZone: string
  locale: Locale
  hourCycle: HourCycle
  /** 0 = Sunday */
  weekStart: number
  theme: Theme
  /** `#rrggbb`; null: the colour of the product. */
  brandColor: string | null
  defaultScheduleId: number | null
  /** Others may be linked together with this host: `/ada+bob/30`. */
  groupLinks: boolean
}

/** What everybody may see of somebody. */
export type PublicProfile = Pick<Account, 'name' | 'username' | 'bio' | 'avatarEtag' | 'brandColor' | 'theme'>
