import { z } from 'zod'
import { calendarDate, mailAddress, multiLine, singleLine, timeZoneName } from '#platform/fields.ts'
import { LOCALES } from '#platform/i18n/locale.ts'
import { mailList, questionList } from './questions/schema.ts'
import {
  DAY_MINUTES,
  isPhone,
  isSlug,
  LONGEST_DESCRIPTION,
  LONGEST_TEMPLATE,
  LONGEST_TITLE,
  MOST_ACTIVE_BOOKINGS,
  MOST_BOOKABLE_DAYS,
  MOST_DURATIONS,
  MOST_LOCATIONS,
  MOST_NOTICE,
  MOST_OCCURRENCES,
  MOST_PER_PERIOD,
  MOST_PREFERRED_RANGES,
  MOST_RATING_DELAY,
  MOST_RECURRENCE_INTERVAL,
  MOST_SEATS,
  MOST_WINDOW_DAYS,
  meetingUrl,
  orderedDurations,
  STEPS,
  shrinkingPeriod,
} from './rules.ts'
import { LAYOUTS, MAIL_LEVELS, SHOWN, VISITORS_ZONE } from './types.ts'

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

const ownWords = z.union([z.literal(''), singleLine(100)])
/** Absent where there are none, so that the same place is stored in one way only. */
const label = ownWords.optional().transform((words) => words || undefined)
const shown = z.enum(SHOWN).optional()

const location = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('in_person'), address: singleLine(300), label, shown }),
  z.strictObject({ kind: z.literal('attendee_address'), label }),
  z.strictObject({ kind: z.literal('attendee_text'), label }),
  z.strictObject({ kind: z.literal('attendee_phone'), label }),
  z.strictObject({ kind: z.literal('host_phone'), phone, label, shown }),
  z.strictObject({ kind: z.literal('link'), url, label: ownWords.default(''), video: z.boolean(), shown }),
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

const hexColor = z
  .string()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/)

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

const perPeriod = z
  .strictObject({
    day: minutes(1, MOST_PER_PERIOD).optional(),
    week: minutes(1, MOST_PER_PERIOD).optional(),
    month: minutes(1, MOST_PER_PERIOD).optional(),
    year: minutes(1, MOST_PER_PERIOD * 10).optional(),
  })
  .superRefine((limits, check) => {
    const period = shrinkingPeriod(limits)
    if (period) check.addIssue({ code: 'custom', path: [period], params: { code: 'limit_below_shorter_period' } })
  })

const preferredRange = z
  .strictObject({
    days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
    start: minutes(0, DAY_MINUTES),
    end: minutes(0, DAY_MINUTES),
  })
  .refine(({ start, end }) => start < end, { path: ['end'], params: { code: 'range_ends_before_start' } })

/** How a booking page can show its times, and how it does at first. */
export const layouts = z
  .strictObject({ enabled: z.array(z.enum(LAYOUTS)).min(1).max(LAYOUTS.length), default: z.enum(LAYOUTS) })
  .refine(({ enabled, default: first }) => enabled.includes(first), {
    path: ['default'],
    params: { code: 'layout_not_enabled' },
  })

/** See `EventTypeOptions`. */
const options = {
  limits: z.strictObject({ bookings: perPeriod, minutes: perPeriod }),
  bookerLimit: z.strictObject({ active: minutes(1, MOST_ACTIVE_BOOKINGS), offerMove: z.boolean() }).nullable(),
  onlyFirstSlotPerDay: z.boolean(),
  optimizedSlots: z.boolean(),
  preferred: z
    .strictObject({
      weekly: z.array(preferredRange).min(1).max(MOST_PREFERRED_RANGES),
      show: z.enum(['mark', 'first']),
    })
    .nullable(),
  confirmWithin: minutes(1, MOST_NOTICE).nullable(),
  confirmFreeMail: z.boolean(),
  accountRequired: z.boolean(),
  botCheck: z.boolean(),
  colorDark: hexColor.nullable(),
  cancelling: z.boolean(),
  rescheduling: z.strictObject({
    allowed: z.boolean(),
    notice: minutes(0, MOST_NOTICE),
    past: z.boolean(),
    cancelled: z.boolean(),
  }),
  guests: z.boolean(),
  mails: z.strictObject({ host: z.enum(MAIL_LEVELS), attendees: z.enum(MAIL_LEVELS) }),
  hideNotes: z.boolean(),
  privateEntry: z.boolean(),
  hideHostEmail: z.boolean(),
  organizerEmailId: id.nullable(),
  replyTo: mailAddress.nullable(),
  titleTemplate: z.union([z.literal(''), singleLine(LONGEST_TEMPLATE)]),
  redirect: z.strictObject({ url, forward: z.boolean() }).nullable(),
  ratingMail: minutes(0, MOST_RATING_DELAY).nullable(),
  timeZoneLock: z.union([z.literal(VISITORS_ZONE), timeZoneName]).nullable(),
  language: z.enum(LOCALES).nullable(),
  layouts,
  restriction: z.strictObject({ scheduleId: id, visitorZone: z.boolean() }).nullable(),
  seats: z
    .strictObject({
      count: minutes(1, MOST_SEATS),
      showAttendees: z.boolean(),
      showFree: z.boolean(),
      maxPerBooking: minutes(1, MOST_SEATS),
    })
    .refine(({ count, maxPerBooking }) => maxPerBooking <= count, {
      path: ['maxPerBooking'],
      params: { code: 'party_beyond_seats' },
    })
    .nullable(),
  recurrence: z
    .strictObject({
      frequency: z.enum(['daily', 'weekly', 'monthly', 'yearly']),
      interval: minutes(1, MOST_RECURRENCE_INTERVAL),
      count: minutes(2, MOST_OCCURRENCES),
    })
    .nullable(),
  questions: questionList,
  splitName: z.boolean(),
  verifyEmail: z.boolean(),
  requiredEmails: mailList,
  excludedEmails: mailList,
}

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
  color: hexColor.nullable(),
  ...options,
})

/** Title and durations are enough; without a slug a free one is made of the title. */
export const newEventType = settings.partial().required({ title: true, durations: true })

const draft = settings.partial()

/** Settings that somebody is typing: what cannot be read yet is left out. */
export function readableSettings(input: unknown): Partial<Settings> {
  if (typeof input !== 'object' || input === null) return {}
  const first = draft.safeParse(input)
  if (first.success) return first.data
  const unreadable = new Set(
    first.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1))),
  )
  const rest = draft.safeParse(Object.fromEntries(Object.entries(input).filter(([name]) => !unreadable.has(name))))
  return rest.success ? rest.data : {}
}

/** Only what is named changes. */
export const eventTypeChange = settings.partial().extend({
  id,
  /** As it was read; another one means that somebody saved meanwhile. */
  version: z.string().max(40),
})

export const eventTypeKey = z.strictObject({ id })
export const hiddenChange = z.strictObject({ id, hidden: z.boolean() })
/** `before`: the event type that comes next, or null for the end of the list. */
/** In front of another one, null: at the end; or by a step, whatever its neighbours are. */
export const placeChange = z.union([
  z.strictObject({ id, before: id.nullable() }),
  z.strictObject({ id, to: z.enum(STEPS) }),
])
export const restoreKey = z.strictObject({ key: z.uuid() })

export type NewEventType = z.input<typeof newEventType>
export type EventTypeChange = z.input<typeof eventTypeChange>
export type EventTypeKey = z.input<typeof eventTypeKey>
export type HiddenChange = z.input<typeof hiddenChange>
export type PlaceChange = z.input<typeof placeChange>
export type RestoreKey = z.input<typeof restoreKey>
/** Checked settings, as `rows.ts` writes them. */
export type Settings = z.output<typeof settings>
