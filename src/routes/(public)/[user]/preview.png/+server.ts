import { publicProfile } from '#features/accounts/queries.ts'
import { presentUsernames } from '#features/accounts/usernames/queries.ts'
import { answerPicture, leadToPresent, speakAsAsked } from '../../picture.server.ts'
import { sharedProfile } from '../../shared.server.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  speakAsAsked(event)
  const { db, clock } = event.locals.ctx
  const username = event.params.user.toLowerCase()
  const profile = await publicProfile(db, username)
  if (profile) return answerPicture(event, sharedProfile(profile))
  leadToPresent(event, (await presentUsernames(db, username, clock.now())) ?? undefined)
  return answerPicture(event, null)
}
