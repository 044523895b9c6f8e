import { createHash } from 'node:crypto'
import type { RequestEvent } from '@sveltejs/kit'
import { feedByToken, type OpenFeed } from '#features/bookings/feeds/queries.ts'
import { GUESSING, READING } from '#features/bookings/feeds/rules.ts'
import type { FeedKind } from '#features/bookings/feeds/types.ts'
import { isAppError } from '#platform/errors.ts'
import { problemAnswer } from '#platform/http/status.ts'

const HEADERS = {
  'cache-control': 'private, no-cache',
  'x-robots-tag': 'noindex',
  'referrer-policy': 'no-referrer',
  // Calendars read it; opened as a page it does nothing.
  'content-security-policy': "default-src 'none'; sandbox",
}

/**
 * Answers whoever holds the address of a feed with what `write` makes of it, or with 304 where they have that already. Every other
 * address gets the same 404, whatever is wrong with it.
 */
export async function answerFeed(
  { locals: { ctx }, request, params }: RequestEvent,
  kind: FeedKind,
  write: (feed: OpenFeed) => Promise<string>,
): Promise<Response> {
  try {
    const feed = await feedByToken(ctx.db, kind, (params.token ?? '').slice(0, LONGEST_TOKEN))
    if (!feed) {
      await ctx.rateLimiter.consume(GUESSING, ctx.clientAddress)
      return new Response('Not found\n', { status: 404, headers: { ...HEADERS, 'cache-control': 'no-store' } })
    }
    await ctx.rateLimiter.consume(READING, String(feed.id))
    const text = await write(feed)
    const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
    const headers = { ...HEADERS, etag }
    if (isAmong(etag, request.headers.get('if-none-match'))) return new Response(null, { status: 304, headers })
    return new Response(text, { headers: { ...headers, 'content-type': 'text/calendar; charset=utf-8' } })
  } catch (failure) {
    if (!isAppError(failure)) throw failure
    return problemAnswer(failure, ctx.requestId)
  }
}

const LONGEST_TOKEN = 200

/** RFC 9110 §13.1.2: tags are compared weakly. */
function isAmong(etag: string, header: string | null): boolean {
  const wanted = etag.replace('W/', '')
  return (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === wanted)
}
