import type { Translate } from '#ui/i18n.ts'
import type { PlaceOption } from './booker.ts'

/** What a way to meet is called, seen by the one who books: `Ada calls you`. */
export function placeName({ kind, video }: Omit<PlaceOption, 'text'>, host: string, t: Translate): string {
  switch (kind) {
    case 'in_person':
      return t('booker.inPerson')
    case 'attendee_phone':
      return t('booker.attendeePhone', { host })
    case 'host_phone':
      return t('booker.hostPhone', { host })
    case 'link':
      return t(video ? 'booker.video' : 'booker.link')
  }
}
