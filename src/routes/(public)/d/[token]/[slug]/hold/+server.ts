import { answerHold, answerRelease } from '../../../../hold.server.ts'
import { offerBehind } from '../../../../offered.server.ts'
import type { RequestEvent } from './$types'

export async function POST(event: RequestEvent) {
  return answerHold(event, await offerBehind(event, event.params))
}

export const DELETE = answerRelease
