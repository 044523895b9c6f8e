import { monthAnswer, offerAt } from '../../../booker.server.ts'
import type { RequestEvent } from './$types'

export async function GET(event: RequestEvent) {
  return monthAnswer(event, await offerAt(event, event.params))
}
