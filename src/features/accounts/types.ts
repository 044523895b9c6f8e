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
  /** Where pages are dark; null: `brandColor`, moved as far as it takes to be read there. */
  brandColorDark: string | null
  defaultScheduleId: number | null
  /** Others may be linked together with this host: `/ada+bob/30`. */
  groupLinks: boolean
  /** Null: the account has got started, or went without. */
  gettingStarted: StartStep | null
  /** Of the pages that others see. */
  pageTheme: Theme
  /** Those pages do not name the product. */
  hideBranding: boolean
  /** Search engines may list those pages. */
  searchIndexed: boolean
  /** A mail tells of each month that is over. */
  monthlyDigest: boolean
  /** A mail tells when visitors look for a time again and again and find none. */
  emptySearchMails: boolean
  /** Somebody opened a link that was mailed to the address. */
  emailProven: boolean
  /** Nobody else books with an address of theirs without proving it. */
  emailGuarded: boolean
  /** A session ends after so many minutes without use; null: after SESSION_DAYS. */
  sessionMinutes: number | null
  /** Single keys lead to pages. */
  shortcuts: boolean
}

/** The way of a new account to a page that can be booked, in order. */
export const START_STEPS = ['profile', 'hours', 'event-type'] as const
export type StartStep = (typeof START_STEPS)[number]

/** What everybody may see of somebody. */
export type PublicProfile = Pick<
  Account,
  'name' | 'username' | 'bio' | 'avatarEtag' | 'brandColor' | 'brandColorDark' | 'hideBranding' | 'searchIndexed'
> & {
  /** Of their pages. */
  theme: Theme
}
