import { offerOf } from '../../../offer.server.ts'
import { answerPicture, leadToPresent, speakAsAsked } from '../../../picture.server.ts'
import { sharedOffer } from '../../../shared.server.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  speakAsAsked(event)
  const found = await offerOf(event, event.params)
  if (!found) return answerPicture(event, null)
  leadToPresent(event, found.movedTo)
  return answerPicture(event, sharedOffer(found))
}
