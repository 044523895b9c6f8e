import type { PublicProfile } from '#features/accounts/types.ts'
import type { Offer } from '#features/availability/types.ts'
import { markdownText } from '#features/event-types/markdown.ts'
import type { Ctx } from '#platform/ctx.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { pathOf } from './offered.server.ts'

/** A page that is shown to all, as far as a preview tells of it. */
export interface Shared {
  /** What it is called. */
  heading: string
  kind: 'profile' | 'website'
  /** Path, without a query. */
  path: string
  /** Whose time is offered, the one whose page it is first. */
  hosts: readonly [SharedHost, ...SharedHost[]]
  /** Plain text of whoever offers this; may be empty. */
  summary: string
  /** Minutes; none: it offers nothing itself. */
  durations: readonly number[]
  /** Search engines may list it. */
  indexed: boolean
}

type SharedHost = Pick<PublicProfile, 'name' | 'username' | 'avatarEtag' | 'brandColor' | 'theme' | 'hideBranding'>

/** Characters of somebody's words that a preview shows. */
const EXCERPT = { profile: 140, website: 160 }

export function sharedProfile(profile: PublicProfile): Shared {
  const { name, username, bio, searchIndexed } = profile
  return {
    ...{
      heading: name,
      kind: 'profile',
      path: `/${username}`,
      hosts: [profile],
      durations: [],
      indexed: searchIndexed,
    },
    summary: markdownText(bio, EXCERPT.profile),
  }
}

/** Of what a host shows to all, and of a group link: whoever shares that says who meets. Null for anything else. */
export function sharedOffer({ offer, link }: { offer: Offer; link?: unknown }): Shared | null {
  const { eventType, host, coHosts } = offer
  if (link || (eventType.hidden && coHosts.length === 0)) return null
  return {
    heading: eventType.title,
    kind: 'website',
    path: pathOf({ offer }),
    hosts: [host, ...coHosts.map((one) => one.host)],
    summary: markdownText(eventType.description, EXCERPT.website),
    durations: eventType.durations,
    // What somebody put together is nothing that a host shows to all.
    indexed: coHosts.length === 0 && host.searchIndexed,
  }
}

/** The heading of a profile is a name, and that of a group link the names. */
export function namesHost({ kind, hosts }: Shared): boolean {
  return kind === 'profile' || hosts.length > 1
}

/** What it is about: in the words of the host, where there are any, and in the product's. */
export function wordsOf({ locale }: Pick<Ctx, 'locale'>, { summary, hosts }: Shared): [string, ...string[]] {
  const names = new Intl.ListFormat(locale).format(hosts.map(({ name }) => name))
  const own = translatorFor(locale)('public.preview.choose', { names })
  return summary ? [summary, own] : [own]
}
