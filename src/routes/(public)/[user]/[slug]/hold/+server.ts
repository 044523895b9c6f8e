import { answerHold, answerRelease } from '../../../hold.server.ts'
import { offerAt } from '../../../offered.server.ts'
import type { RequestEvent } from './$types'

export async function POST(event: RequestEvent) {
  return answerHold(event, await offerAt(event, event.params))
}

export const DELETE = answerRelease
