import { createHash } from 'node:crypto'
import type { RequestEvent } from '@sveltejs/kit'
import { publicAvatars } from '#features/accounts/avatars/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { isAppError } from '#platform/errors.ts'
import { problemAnswer } from '#platform/http/status.ts'
import { isLocale } from '#platform/i18n/locale.ts'
import { CARD_DRAWING, type Card, type CardColors } from '#platform/pictures/card.ts'
import { accentFor } from '#ui/contrast.ts'
import { formatDuration } from '#ui/dates.ts'
import { initialsOf } from '#ui/initials.ts'
import { leadOn } from './offer.server.ts'
import { namesHost, type Shared, wordsOf } from './shared.server.ts'

/** Against somebody who has everything drawn that there is. */
const DRAWING = { name: 'picture', attempts: 60, seconds: 60 }

/** `--paper`, `--ink`, `--ink-soft` and the product's accent of tokens.css. */
export const THEMES = {
  light: { paper: '#f7f4ee', ink: '#1f1c17', soft: '#5c5549', fill: '#0d6b5f', onFill: '#ffffff', accent: '#0b5f55' },
  dark: { paper: '#14130f', ink: '#f3eee4', soft: '#b9b0a1', fill: '#54c2ae', onFill: '#14130f', accent: '#6cd0bd' },
} satisfies Record<string, CardColors>

/** Address of the picture that is shown where the page is shared. It changes with what the picture shows. */
export function pictureAddress(ctx: Ctx, shared: Shared): string {
  return `${shared.path}/preview.png?${new URLSearchParams({ lang: ctx.locale, v: pictureOf(ctx, shared).version })}`
}

/** A picture's words are in the language that its address asks for, unless the page insists on another. */
export function speakAsAsked({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>): void {
  const language = url.searchParams.get('lang')
  if (isLocale(language)) locals.ctx.locale = language
}

/** The pictures of what had another address are those of the present one. @param movedTo undefined: it has this one */
export function leadToPresent(event: RequestEvent, movedTo: string | undefined): void {
  if (movedTo === undefined) return
  // Somebody else may have it later.
  event.setHeaders({ 'cache-control': 'private, no-cache' })
  leadOn(event, movedTo)
}

/** @param shared null: nothing is told of the page, or there is none */
export async function answerPicture(event: RequestEvent, shared: Shared | null): Promise<Response> {
  const { locals, url, request } = event
  const { ctx } = locals
  if (!shared) return new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } })
  const { version, card } = pictureOf(ctx, shared)
  if (url.searchParams.get('v') !== version) {
    const location = pictureAddress(ctx, shared)
    return new Response(null, { status: 302, headers: { location, 'cache-control': 'private, no-cache' } })
  }
  const headers = {
    ...{ etag: `"${version}"`, 'cache-control': 'public, max-age=31536000, immutable' },
    ...(shared.indexed ? {} : { 'x-robots-tag': 'noindex' }),
  }
  if (request.headers.get('if-none-match')?.includes(headers.etag)) return new Response(null, { status: 304, headers })
  try {
    const png = await ctx.painter.draw(version, () => withFaces(ctx, shared, card))
    return new Response(png, { headers: { ...headers, 'content-type': 'image/png' } })
  } catch (failure) {
    if (!isAppError(failure)) throw failure
    return problemAnswer(failure, ctx.requestId)
  }
}

/** What a picture shows, and a name for exactly that. */
function pictureOf(ctx: Ctx, shared: Shared): { version: string; card: Omit<Card, 'faces'> } {
  const { hosts, heading, path, durations } = shared
  const [{ hideBranding, brandColor, theme }] = hosts
  const scheme = theme === 'dark' ? 'dark' : 'light'
  const accent = brandColor === null ? null : accentFor(brandColor, scheme)
  const card = {
    heading: [heading],
    byline: namesHost(shared) ? [] : hosts.map(({ name }) => name),
    text: durations.length > 0 ? [durationsIn(durations, ctx.locale)] : wordsOf(ctx, shared),
    address: `${ctx.config.url.host}${path}`,
    brand: hideBranding ? null : 'Sundial',
    colors: {
      ...THEMES[scheme],
      ...(accent && { fill: accent.fill, onFill: accent.onFill, accent: accent.ink }),
    },
  }
  const faces = hosts.map(({ username, name, avatarEtag }) => [username, name, avatarEtag])
  const shown = JSON.stringify([CARD_DRAWING, card, faces])
  return { card, version: createHash('sha256').update(shown).digest('base64url').slice(0, 22) }
}

/** No line begins with a dot. */
const durationsIn = (durations: readonly number[], locale: string) =>
  durations.map((minutes) => formatDuration(minutes, locale, 'short').replaceAll(' ', '\u00a0')).join('\u00a0· ')

async function withFaces(ctx: Ctx, { hosts }: Shared, card: Omit<Card, 'faces'>): Promise<Card> {
  await ctx.rateLimiter.consume(DRAWING, ctx.clientAddress)
  const having = hosts.filter(({ avatarEtag }) => avatarEtag !== null).map(({ username }) => username)
  const avatars = having.length > 0 ? await publicAvatars(ctx.db, having) : null
  const faces = hosts.map(({ name, username }) => ({
    image: avatars?.get(username)?.bytes ?? null,
    letters: [initialsOf(name), initialsOf(username)],
  }))
  return { ...card, faces }
}
