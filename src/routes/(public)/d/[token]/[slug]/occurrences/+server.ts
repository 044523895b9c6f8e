import { offerBehind, seriesAnswer } from '../../../../booker.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  return seriesAnswer(event, await offerBehind(event, event.params))
}
