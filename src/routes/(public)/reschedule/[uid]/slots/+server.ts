import { offeredTo } from '../../../reschedule.server.ts'
import { monthAnswer } from '../../../starts.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  return monthAnswer(event, await offeredTo(event, event.params.uid))
}
