import { z } from 'zod'
import { mailAddress, singleLine, timeZoneName } from '#platform/fields.ts'
import { LOCALES } from '#platform/i18n/locale.ts'
import { MOST_GUESTS, phoneNumber } from '../schema.ts'
import type { BookingLocation } from '../types.ts'

/** What is not known of a guest is as with who booked. */
const guest = z.strictObject({
  email: mailAddress,
  name: singleLine(200).optional(),
  timeZone: timeZoneName.optional(),
  locale: z.enum(LOCALES).optional(),
})
export type NewGuest = z.output<typeof guest>

const guestOrAddress = z.preprocess((given) => (typeof given === 'string' ? { email: given } : given), guest)
export const addGuestsSchema = z.strictObject({ guests: z.array(guestOrAddress).min(1).max(MOST_GUESTS) })

export const PLACE_KINDS = [
  'video',
  'link',
  'attendee_phone',
  'host_phone',
  'in_person',
  'attendee_address',
  'attendee_text',
] as const

/** One field for whatever the kind takes: an address, a number or a link. */
export const placeSchema = z
  .strictObject({
    kind: z.enum(PLACE_KINDS),
    text: singleLine(1000),
    /** The version that was looked at. */
    sequence: z.number().int().min(0).optional(),
  })
  .transform(({ kind, text, sequence }, check): { location: BookingLocation; sequence: number | undefined } => {
    const refuse = (code: string) => {
      check.addIssue({ code: 'custom', path: ['text'], params: { code } })
      return z.NEVER
    }
    if (kind === 'in_person') return { location: { kind, address: text }, sequence }
    if (kind === 'attendee_address' || kind === 'attendee_text') return { location: { kind, place: text }, sequence }
    if (kind === 'video' || kind === 'link') {
      const url = URL.parse(text)
      if (url?.protocol !== 'https:') return refuse('link_not_https')
      return { location: { kind: 'link', url: url.href, label: '', video: kind === 'video' }, sequence }
    }
    const phone = phoneNumber.safeParse(text)
    return phone.success ? { location: { kind, phone: phone.data }, sequence } : refuse('phone_invalid')
  })
