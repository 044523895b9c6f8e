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

/** The page takes the host's theme and colour; `?theme=` of whoever links here decides over the former. */
export function facePlate({ url, locals }: Pick<RequestEvent, 'url' | 'locals'>, host: Host): FacePlate {
  const wished = url.searchParams.get('theme')
  locals.theme = wished === 'light' || wished === 'dark' ? wished : host.theme
  const avatar = host.avatarEtag === null ? null : `/avatar/${host.username}?v=${host.avatarEtag}`
  return { name: host.name, username: host.username, avatar, accent: accentStyle(host.brandColor) }
}
