import type { RequestEvent } from '@sveltejs/kit'
import { pictureAddress } from './picture.server.ts'
import { namesHost, type Shared, wordsOf } from './shared.server.ts'

/** What is shown of a page where somebody shares its address. */
export interface LinkPreview {
  title: string
  description: string
  /** The page's one address, without what a visitor chose there. */
  address: string
  /** Of a picture that shows the same. */
  image: string
  kind: Shared['kind']
}

/** @param query what else the address of the page has, such as `?page=2` */
export function previewOf({ locals: { ctx } }: Pick<RequestEvent, 'locals'>, shared: Shared, query = ''): LinkPreview {
  const { heading, kind, path } = shared
  const absolute = (one: string) => new URL(one, ctx.config.url).href
  return {
    title: namesHost(shared) ? heading : `${heading} | ${shared.hosts[0].name}`,
    description: wordsOf(ctx, shared)[0],
    address: absolute(path + query),
    image: absolute(pictureAddress(ctx, shared)),
    kind,
  }
}
