import { monthAnswer, offerBehind } from '../../../../booker.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  return monthAnswer(event, await offerBehind(event, event.params))
}
