import { offerAt, seriesAnswer } from '../../../booker.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  return seriesAnswer(event, await offerAt(event, event.params))
}
