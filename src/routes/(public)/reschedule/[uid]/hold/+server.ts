import { answerHold, answerRelease } from '../../../hold.server.ts'
import { offeredTo } from '../../../reschedule.server.ts'
import type { RequestEvent } from './$types'

export async function POST(event: RequestEvent) {
  return answerHold(event, await offeredTo(event, event.params.uid))
}

export const DELETE = answerRelease
