import { offerAt } from '../../../offered.server.ts'
import { monthAnswer } from '../../../starts.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  return monthAnswer(event, await offerAt(event, event.params))
}
