import type { RequestEvent } from '@sveltejs/kit'
import { accentStyle } from '#ui/contrast.ts'

/** What a page shows of its host. */
export interface FacePlate {
  name: string
  username: string
  avatar: string | null
  /** Custom properties of the host's colour, for an element with `data-accent`. */
  accent: string
}

interface Host {
  name: string
  username: string
  avatarEtag: string | null
  brandColor: string | null
  theme: 'system' | 'light' | 'dark'
}

/** Address of a host's picture; null when there is none. */
export function avatarOf({ username, avatarEtag }: Pick<Host, 'username' | 'avatarEtag'>): string | null {
  return avatarEtag === null ? null : `/avatar/${username}?v=${avatarEtag}`
}

/** The page takes the host's theme and colour; `?theme=` of whoever links here decides over the former. */
export function facePlate({ url, locals }: Pick<RequestEvent, 'url' | 'locals'>, host: Host): FacePlate {
  const wished = url.searchParams.get('theme')
  locals.theme = wished === 'light' || wished === 'dark' ? wished : host.theme
  return { name: host.name, username: host.username, avatar: avatarOf(host), accent: accentStyle(host.brandColor) }
}
