import type { RequestEvent } from '@sveltejs/kit'
import { translatorFor } from '#platform/i18n/messages.ts'

/** What is shown of a page where somebody shares its address. */
export interface LinkPreview {
  title: string
  description: string
  /** The page's one address, without what a visitor chose there. */
  address: string
  kind: 'profile' | 'website'
}

interface Shared extends Omit<LinkPreview, 'description'> {
  /** Plain text of whoever offers this; may be empty. */
  summary: string
  /** Whose time is offered. */
  names: readonly string[]
}

/** What may be said of a page that is shown to all. `address` is a path. */
export function previewOf({ locals: { ctx } }: Pick<RequestEvent, 'locals'>, shared: Shared): LinkPreview {
  const { summary, names, address, ...rest } = shared
  const list = new Intl.ListFormat(ctx.locale).format(names)
  const description = summary || translatorFor(ctx.locale)('public.preview.choose', { names: list })
  return { ...rest, description, address: new URL(address, ctx.config.url).href }
}
