import { offerAt } from '../../../offered.server.ts'
import { seriesAnswer } from '../../../starts.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  return seriesAnswer(event, await offerAt(event, event.params))
}
