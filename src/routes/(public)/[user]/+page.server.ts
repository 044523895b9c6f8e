import { error, redirect } from '@sveltejs/kit'
import { publicProfile } from '#features/accounts/queries.ts'
import { presentUsernames } from '#features/accounts/usernames/queries.ts'
import { pageOfPublicEventTypes } from '#features/event-types/listing/queries.ts'
import { markdownText, renderMarkdown } from '#features/event-types/markdown.ts'
import { publicAbsence } from '#features/schedules/away/queries.ts'
import { markColor } from '#ui/contrast.ts'
import { pageOf, pagesAround, wordsOf } from '../../page-number.ts'
import { awayOf } from '../away.server.ts'
import { facePlate, tellSearchEngines } from '../face.server.ts'
import { previewOf } from '../preview.server.ts'
import { sharedProfile } from '../shared.server.ts'
import type { PageServerLoad, RequestEvent } from './$types'

const EXCERPT = 140

export const load: PageServerLoad = async (event) => {
  const { ctx } = event.locals
  const username = event.params.user.toLowerCase()
  const words = wordsOf(event.url)
  const { page, ...part } = pageOf(event.url)
  const [profile, offers, absence] = await Promise.all([
    publicProfile(ctx.db, username),
    pageOfPublicEventTypes(ctx.db, username, { words, ...part }),
    publicAbsence(ctx.db, username, ctx.clock.now()),
  ])
  if (!profile) return leadToPresent(event, username)
  const { eventTypes, total, before, next } = offers
  if (eventTypes.length === 0 && page > 1) redirect(303, `/${profile.username}`)
  return {
    face: facePlate(event, profile),
    indexed: tellSearchEngines(event, profile.searchIndexed),
    bio: renderMarkdown(profile.bio),
    away: absence ? [awayOf(absence, ctx.locale)] : [],
    preview: previewOf(event, sharedProfile(profile), page > 1 ? `?page=${page}` : ''),
    ...{ words, total, before, ...pagesAround(page, words, next !== null) },
    eventTypes: eventTypes.map(
      ({ slug, title, description, durations, locationKinds, color, colorDark, requiresConfirmation }) => ({
        slug,
        title,
        excerpt: markdownText(description, EXCERPT),
        durations,
        locationKinds,
        color: markColor(color, colorDark),
        requiresConfirmation,
      }),
    ),
  }
}

/** To what was known by that username. It is not to be remembered, since somebody else may have it later. */
async function leadToPresent({ locals: { ctx }, setHeaders, url }: RequestEvent, username: string): Promise<never> {
  const present = await presentUsernames(ctx.db, username, ctx.clock.now())
  if (present === null || present.includes('+')) error(404, 'profile_not_found')
  setHeaders({ 'cache-control': 'private, no-cache' })
  redirect(308, `/${present}${url.search}`)
}
