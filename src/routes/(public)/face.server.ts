import type { RequestEvent } from '@sveltejs/kit'
import { accentStyle } from '#ui/contrast.ts'

/** What a page shows of its host. */
export interface FacePlate {
  name: string
  username: string
  avatar: string | null
  /** Custom properties of the host's colour, for an element with `data-accent`. */
  accent: string
  /** The page may name the product. */
  branded: boolean
}

interface Host {
  name: string
  username: string
  avatarEtag: string | null
  brandColor: string | null
  brandColorDark: string | null
  theme: 'system' | 'light' | 'dark'
  hideBranding: boolean
}

/** Address of a host's picture; null when there is none. */
export function avatarOf({ username, avatarEtag }: Pick<Host, 'username' | 'avatarEtag'>): string | null {
  return avatarEtag === null ? null : `/avatar/${username}?v=${avatarEtag}`
}

/** The page takes the host's theme and colour; `?theme=` of whoever links here decides over the former. */
export function facePlate({ url, locals }: Pick<RequestEvent, 'url' | 'locals'>, host: Host): FacePlate {
  const wished = url.searchParams.get('theme')
  locals.theme = wished === 'light' || wished === 'dark' ? wished : host.theme
  const { name, username, brandColor, brandColorDark, hideBranding } = host
  const accent = accentStyle(brandColor, brandColorDark)
  return { name, username, avatar: avatarOf(host), accent, branded: !hideBranding }
}

/** Search engines are told to leave the page out, unless its host says otherwise. @returns whether they may list it */
export function tellSearchEngines({ setHeaders }: Pick<RequestEvent, 'setHeaders'>, indexed: boolean): boolean {
  if (!indexed) setHeaders({ 'x-robots-tag': 'noindex' })
  return indexed
}
