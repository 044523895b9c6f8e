import { publicAvatar } from '#features/accounts/avatars/queries.ts'
import { presentUsernames } from '#features/accounts/usernames/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { RequestHandler } from './$types'

/** Addresses carry the tag (`?v=`) and change with the picture, so a browser need not ask again for one it has. */
const HEADERS = {
  'cache-control': 'public, max-age=31536000, immutable',
  // Bytes that somebody sent us: whatever they are, they run nothing.
  'content-security-policy': "default-src 'none'; sandbox",
  'content-disposition': 'inline',
}

export const GET: RequestHandler = async ({ locals: { ctx }, params, request, url }) => {
  const username = params.username.toLowerCase()
  const avatar = (await publicAvatar(ctx.db, username)) ?? (await formerly(ctx, username))
  if (!avatar) return new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } })
  const etag = `"${avatar.etag}"`
  const isVersioned = url.searchParams.get('v') === avatar.etag
  const headers = { ...HEADERS, etag, ...(isVersioned ? {} : { 'cache-control': 'public, no-cache' }) }
  if (request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers })
  return new Response(avatar.bytes, { headers: { ...headers, 'content-type': avatar.contentType } })
}

/** Links to a picture that were kept elsewhere lead to it as long as the pages of that username do. */
async function formerly({ db, clock }: Ctx, username: string): ReturnType<typeof publicAvatar> {
  const present = await presentUsernames(db, username, clock.now())
  return present === null ? null : publicAvatar(db, present)
}
