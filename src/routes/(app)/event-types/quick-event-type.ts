import type { NewEventType } from '#features/event-types/schema.ts'
import { LOCATION_KINDS, locationOf, newLocation } from '#features/event-types/ui/draft.ts'

/** What the short form of a new event type sends. */
export function quickEventType(form: FormData): NewEventType {
  return {
    title: String(form.get('title') ?? ''),
    durations: [Number(form.get('duration') || Number.NaN)],
    locations: locationsOf(form),
  }
}

/** The one place of the short form; without a kind it is decided later. */
function locationsOf(form: FormData) {
  const kind = LOCATION_KINDS.find((one) => one === form.get('kind'))
  return kind ? [locationOf(newLocation(kind, String(form.get('text') ?? '')))] : []
}
