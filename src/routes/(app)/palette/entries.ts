import type { Role } from '#features/accounts/types.ts'
import type { MessageKey } from '#platform/i18n/messages.ts'

/** What can be done from anywhere, without a page of its own. */
export type Act = 'copy-link' | 'theme-light' | 'theme-dark' | 'theme-system' | 'keys' | 'sign-out'

export interface Entry {
  id: string
  group: 'acts' | 'places' | 'settings'
  /** Of `src/ui/Icon.svelte`. */
  icon:
    | 'calendar'
    | 'clock'
    | 'copy'
    | 'globe'
    | 'home'
    | 'info'
    | 'link'
    | 'lock'
    | 'mail'
    | 'pencil'
    | 'person'
    | 'plus'
    | 'settings'
    | 'signout'
    | 'sun'
  label: MessageKey
  /** Other words that it is looked for by, with commas between them. */
  words?: MessageKey
  /** Where it leads; otherwise it is an act. */
  href?: string
  /** Two letters, pressed one after the other. */
  keys?: string
  /** A part of a page: shown only when it is looked for, with the page it is on. */
  on?: MessageKey
  /** For those who run the installation. */
  operators?: true
  /** Where the installation keeps its mails. */
  catcher?: true
}

/** Everything the palette knows by itself, and the only place that says which keys lead where. */
export const ENTRIES = [
  {
    ...{ id: 'new-event-type', group: 'acts', icon: 'plus', label: 'event-types.create' },
    ...{ words: 'palette.words.new-event-type', href: '/event-types?create', keys: 'n e' },
  },
  {
    ...{ id: 'new-booking', group: 'acts', icon: 'plus', label: 'bookings.new.name' },
    ...{ words: 'palette.words.new-booking', href: '/bookings/new', keys: 'n b' },
  },
  {
    ...{ id: 'new-absence', group: 'acts', icon: 'plus', label: 'schedules.away.add' },
    ...{ words: 'palette.words.new-absence', href: '/availability/away/new', keys: 'n a' },
  },
  {
    ...{ id: 'copy-link', group: 'acts', icon: 'copy', label: 'palette.copy_own_link' },
    ...{ words: 'palette.words.copy-link', keys: 'c l' },
  },
  ...(['light', 'dark', 'system'] as const).map((theme) => ({
    ...({ id: `theme-${theme}`, group: 'acts', icon: 'sun', label: `palette.theme_${theme}` } as const),
    words: 'palette.words.theme' as const,
  })),
  { id: 'keys', group: 'acts', icon: 'info', label: 'palette.keys', words: 'palette.words.keys' },
  {
    ...{ id: 'sign-out', group: 'acts', icon: 'signout', label: 'account.sign_out' },
    words: 'palette.words.sign-out',
  },

  { id: 'home', group: 'places', icon: 'home', label: 'account.nav_home', href: '/home', keys: 'h o' },
  {
    ...{ id: 'upcoming', group: 'places', icon: 'calendar', label: 'palette.upcoming' },
    ...{ words: 'palette.words.upcoming', href: '/bookings/upcoming', keys: 'u b' },
  },
  {
    ...{ id: 'requests', group: 'places', icon: 'calendar', label: 'palette.requests' },
    ...{ words: 'palette.words.requests', href: '/bookings/unconfirmed', keys: 'r b' },
  },
  {
    ...{ id: 'past', group: 'places', icon: 'calendar', label: 'palette.past' },
    ...{ href: '/bookings/past', keys: 'p b' },
  },
  {
    ...{ id: 'cancelled', group: 'places', icon: 'calendar', label: 'palette.cancelled' },
    ...{ href: '/bookings/cancelled', keys: 'c b' },
  },
  {
    ...{ id: 'calendar', group: 'places', icon: 'calendar', label: 'palette.calendar' },
    ...{ words: 'palette.words.calendar', href: '/bookings/calendar', keys: 'b c' },
  },
  {
    ...{ id: 'event-types', group: 'places', icon: 'link', label: 'event-types.title' },
    ...{ words: 'palette.words.event-types', href: '/event-types', keys: 'e t' },
  },
  {
    ...{ id: 'availability', group: 'places', icon: 'clock', label: 'schedules.title' },
    ...{ words: 'palette.words.availability', href: '/availability', keys: 'a s' },
  },
  {
    ...{ id: 'month', group: 'places', icon: 'clock', label: 'palette.month' },
    ...{ words: 'palette.words.month', href: '/availability/month' },
  },
  {
    ...{ id: 'away', group: 'places', icon: 'clock', label: 'palette.away' },
    ...{ words: 'palette.words.away', href: '/availability/away', keys: 't o' },
  },
  {
    ...{ id: 'holidays', group: 'places', icon: 'clock', label: 'schedules.tab.holidays' },
    ...{ href: '/availability/holidays' },
  },
  {
    ...{ id: 'travel', group: 'places', icon: 'globe', label: 'schedules.tab.travel' },
    ...{ words: 'palette.words.travel', href: '/availability/travel' },
  },
  {
    ...{ id: 'limits', group: 'places', icon: 'clock', label: 'palette.limits' },
    ...{ words: 'palette.words.limits', href: '/availability/limits' },
  },
  {
    ...{ id: 'contacts', group: 'places', icon: 'person', label: 'bookings.contacts.title' },
    ...{ words: 'palette.words.contacts', href: '/contacts', keys: 'c o' },
  },
  {
    ...{ id: 'blocked', group: 'places', icon: 'lock', label: 'bookings.blocked.title' },
    ...{ words: 'palette.words.blocked', href: '/bookings/blocked' },
  },
  {
    ...{ id: 'presets', group: 'places', icon: 'pencil', label: 'bookings.preset.title' },
    ...{ href: '/bookings/presets' },
  },
  { id: 'mails', group: 'places', icon: 'mail', label: 'account.nav_mails', href: '/mails', catcher: true },

  { id: 'settings', group: 'settings', icon: 'settings', label: 'settings.title', href: '/settings', keys: 's e' },
  settings('profile', 's p'),
  settings('general', 's g'),
  settings('appearance', 's a'),
  settings('feeds', 'c a'),
  settings('webhooks', 'w h'),
  settings('security', 's s'),
  settings('activity', 's l'),
  settings('privacy', 's d'),
  { ...settings('deliveries'), operators: true },
  part('picture', 'profile', 'settings.picture'),
  part('username', 'profile', 'account.username'),
  part('bio', 'profile', 'settings.bio'),
  part('language', 'general', 'settings.language'),
  part('time-zone', 'general', 'settings.time_zone'),
  part('week-start', 'general', 'settings.week_start'),
  part('clock', 'general', 'settings.clock'),
  part('visibility', 'general', 'settings.visibility'),
  part('email-guard', 'general', 'settings.email_guard'),
  part('empty-searches', 'general', 'settings.empty_searches'),
  part('shortcuts', 'general', 'settings.keyboard'),
  part('theme', 'appearance', 'settings.theme'),
  part('page-theme', 'appearance', 'settings.page_theme'),
  part('color', 'appearance', 'settings.color'),
  part('branding', 'appearance', 'settings.hide_branding'),
  part('layouts', 'appearance', 'settings.layouts'),
  part('password', 'security', 'settings.password'),
  part('devices', 'security', 'settings.devices'),
  {
    ...part('second-step', 'security', 'access.step_page'),
    ...{ href: '/settings/security/second-step', keys: 't f' },
  },
  { ...part('api-keys', 'security', 'settings.keys'), keys: 'a k' },
  part('take-along', 'privacy', 'privacy.data'),
  part('forget', 'privacy', 'privacy.person'),
  part('forget-timer', 'privacy', 'privacy.timer'),
  part('leave', 'privacy', 'privacy.leave'),
] as const satisfies readonly Entry[]

type SettingsPage =
  | 'profile'
  | 'general'
  | 'appearance'
  | 'feeds'
  | 'webhooks'
  | 'security'
  | 'activity'
  | 'privacy'
  | 'deliveries'

function settings(page: SettingsPage, keys?: string): Entry {
  return {
    ...{ id: `settings-${page}`, group: 'settings', icon: 'settings', href: `/settings/${page}` },
    ...{ label: `settings.${page}`, words: `palette.words.settings-${page}` },
    ...(keys && { keys }),
  }
}

function part(id: string, page: SettingsPage, label: MessageKey): Entry {
  const words = `palette.words.part-${id}` as MessageKey
  return {
    ...{ id: `part-${id}`, group: 'settings', icon: 'settings', href: `/settings/${page}` },
    ...{ label, words, on: `settings.${page}` },
  }
}

/** Those that somebody can use. */
export function entriesFor({ role, catcher }: { role: Role; catcher: boolean }): Entry[] {
  const all: readonly Entry[] = ENTRIES
  return all.filter((entry) => (!entry.operators || role !== 'member') && (!entry.catcher || catcher))
}
