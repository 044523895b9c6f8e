import type { Translate } from '#ui/i18n.ts'
import type { PlaceOption } from './booker.ts'

/** What a way to meet is called, seen by the one who books: `Ada calls you`. */
export function placeName({ kind, video }: Pick<PlaceOption, 'kind' | 'video'>, host: string, t: Translate): string {
  switch (kind) {
    case 'in_person':
      return t('booker.inPerson')
    case 'attendee_address':
      return t('booker.attendeeAddress', { host })
    case 'attendee_text':
      return t('booker.attendeeText')
    case 'attendee_phone':
      return t('booker.attendeePhone', { host })
    case 'host_phone':
      return t('booker.hostPhone', { host })
    case 'link':
      return t(video ? 'booker.video' : 'booker.link')
  }
}

/** A way to meet in the host's words, if there are any, and what else there is to say of it. */
export function placeWords(place: PlaceOption, host: string, t: Translate): { name: string; more: string } {
  const name = placeName(place, host, t)
  if (place.label === '') return { name, more: place.text }
  return { name: place.label, more: [name, place.text].filter(Boolean).join(' · ') }
}
