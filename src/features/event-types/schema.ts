import { z } from 'zod'
import { calendarDate, multiLine, singleLine } from '#platform/fields.ts'
import {
  DAY_MINUTES,
  isPhone,
  isSlug,
  LONGEST_DESCRIPTION,
  LONGEST_TITLE,
  MOST_BOOKABLE_DAYS,
  MOST_DURATIONS,
  MOST_LOCATIONS,
  MOST_NOTICE,
  MOST_WINDOW_DAYS,
  meetingUrl,
  orderedDurations,
} from './rules.ts'

const minutes = (least: number, most: number) => z.number().int().min(least).max(most)

const phone = z
  .string()
  .trim()
  .refine(isPhone, { params: { code: 'phone_invalid' } })

const url = z
  .string()
  .max(2000)
  .transform((text, check) => {
    const address = meetingUrl(text)
    if (address !== null) return address
    check.addIssue({ code: 'custom', params: { code: text.trim() === '' ? 'field_required' : 'link_not_https' } })
    return z.NEVER
  })

const location = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('in_person'), address: singleLine(300) }),
  z.strictObject({ kind: z.literal('attendee_phone') }),
  z.strictObject({ kind: z.literal('host_phone'), phone }),
  z.strictObject({
    kind: z.literal('link'),
    url,
    label: z.union([z.literal(''), singleLine(100)]).default(''),
    video: z.boolean(),
  }),
])

const locations = z
  .array(location)
  .max(MOST_LOCATIONS)
  .superRefine((all, check) => {
    const seen = new Set<string>()
    all.forEach((one, index) => {
      const key = JSON.stringify(one)
      if (seen.has(key)) check.addIssue({ code: 'custom', path: [index], params: { code: 'location_twice' } })
      seen.add(key)
    })
  })

const durations = z
  .array(minutes(1, DAY_MINUTES))
  .min(1)
  .max(MOST_DURATIONS)
  .refine((all) => new Set(all).size === all.length, { params: { code: 'duration_twice' } })
  .transform(orderedDurations)

const bookingWindow = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('rolling'), days: minutes(0, MOST_WINDOW_DAYS), calendarDays: z.boolean() }),
  z.strictObject({ type: z.literal('rollingWindow'), days: minutes(1, MOST_BOOKABLE_DAYS), calendarDays: z.boolean() }),
  z
    .strictObject({ type: z.literal('fixed'), startDate: calendarDate, endDate: calendarDate })
    .refine(({ startDate, endDate }) => startDate <= endDate, {
      path: ['endDate'],
      params: { code: 'window_ends_before_start' },
    }),
])

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** What a host decides about an offer. Nothing else of its row can be set from outside. */
const settings = z.strictObject({
  title: singleLine(LONGEST_TITLE),
  slug: z
    .string()
    .trim()
    .refine(isSlug, { params: { code: 'slug_invalid' } }),
  description: multiLine(LONGEST_DESCRIPTION),
  durations,
  locations,
  /** Null: the host's default schedule. */
  scheduleId: id.nullable(),
  bufferBefore: minutes(0, DAY_MINUTES),
  bufferAfter: minutes(0, DAY_MINUTES),
  notice: minutes(0, MOST_NOTICE),
  slotInterval: minutes(1, DAY_MINUTES).nullable(),
  slotOffset: minutes(0, DAY_MINUTES - 1),
  window: bookingWindow.nullable(),
  requiresConfirmation: z.boolean(),
  hidden: z.boolean(),
  color: z
    .string()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/)
    .nullable(),
})

/** Title and durations are enough; without a slug a free one is made of the title. */
export const newEventType = settings.partial().required({ title: true, durations: true })

/** Only what is named changes. */
export const eventTypeChange = settings.partial().extend({
  id,
  /** As it was read; another one means that somebody saved meanwhile. */
  version: z.string().max(40),
})

export const eventTypeKey = z.strictObject({ id })
export const hiddenChange = z.strictObject({ id, hidden: z.boolean() })
/** `before`: the event type that comes next, or null for the end of the list. */
export const placeChange = z.strictObject({ id, before: id.nullable() })
export const restoreKey = z.strictObject({ key: z.uuid() })

export type NewEventType = z.input<typeof newEventType>
export type EventTypeChange = z.input<typeof eventTypeChange>
export type EventTypeKey = z.input<typeof eventTypeKey>
export type HiddenChange = z.input<typeof hiddenChange>
export type PlaceChange = z.input<typeof placeChange>
export type RestoreKey = z.input<typeof restoreKey>
/** Checked settings, as `rows.ts` writes them. */
export type Settings = z.output<typeof settings>
