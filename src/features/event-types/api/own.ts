import { z } from 'zod'
import { idInBody } from '#platform/http/api/fields.ts'
import { WEEKDAYS, weeklyHours } from '#platform/http/api/hours.ts'
import { type EventType, MAIL_LEVELS, type PreferredHours } from '../types.ts'

/** Settings that the interface of other products has no word for: their shapes, and both ways between them and ours. */

/** What clients send to take a setting back. */
export const disabled = z.strictObject({ disabled: z.literal(true) }).meta({ id: 'Disabled' })

const restriction = z.strictObject({ scheduleId: idInBody, inBookerTimeZone: z.boolean().default(false) })

const preferredHours = z
  .strictObject({ hours: z.array(weeklyHours), show: z.enum(['mark', 'first']) })
  .meta({ id: 'PreferredHours' })

const mailLevel = z.enum(MAIL_LEVELS).meta({ id: 'MailLevel' })
const mails = z.strictObject({ host: mailLevel, attendees: mailLevel }).meta({ id: 'MailLevels' })

const plain = {
  botCheck: z.boolean().meta({ description: 'What looks like a program on the page is asked to try again.' }),
  splitName: z.boolean().meta({ description: 'First and last name are asked for apart.' }),
  requiredEmails: z
    .array(z.string())
    .meta({ description: 'Addresses and domains that may book; all, if there are none.' }),
  excludedEmails: z.array(z.string()).meta({ description: 'Addresses and domains that may not book.' }),
  confirmFreeMailOnly: z.boolean().meta({
    description: 'Of who has to wait for confirmation, only those who book from an address of a free mail service.',
  }),
  ratingMailMinutes: z.number().int().nullable().meta({ description: 'After the end, bookers are asked how it was.' }),
  lockedTimeZone: z.string().nullable().meta({
    description:
      'Times are shown in this zone alone, or with `visitor` in that of the visitor’s browser alone. Instead of `lockTimeZoneToggleOnBookingPage`, which means that of the account.',
  }),
  organizerEmailId: idInBody.nullable().meta({
    description:
      'The verified mail address that stands for the host in calendars and mails; `null`, or one that was removed: that of the account.',
  }),
  replyTo: z.string().nullable().meta({ description: 'Where answers to our mails go; `null`: to the host.' }),
}

/** As they can be sent. */
export const ownWritable = {
  ...plain,
  restriction: z
    .union([disabled, restriction.meta({ id: 'NewRestriction' })])
    .nullable()
    .meta({ description: 'Starts must lie within the hours of this schedule, too.' }),
  preferredHours: z
    .union([disabled, preferredHours])
    .nullable()
    .meta({ description: 'Times that are marked, or shown first.' }),
  mails: mails.partial().meta({
    id: 'MailLevelsChange',
    description: 'Which of our mails are sent. More than `emailSettings` can say.',
  }),
}

/** As their owner reads them; visitors are not told. */
export const ownReadable = {
  ...plain,
  restriction: restriction.meta({ id: 'Restriction' }).nullable(),
  preferredHours: preferredHours.nullable(),
  mails,
}

const ownChange = z.object(ownWritable).partial()
type OwnChange = z.output<typeof ownChange>
const ownShape = z.object(ownReadable)

/** Settings as commands take them; undefined where they are not named. */
export function ownSettings(change: OwnChange, present: Pick<EventType, 'mails'>) {
  return {
    ...{
      botCheck: change.botCheck,
      splitName: change.splitName,
      organizerEmailId: change.organizerEmailId,
      replyTo: change.replyTo,
      ratingMail: change.ratingMailMinutes,
    },
    ...{ requiredEmails: change.requiredEmails, excludedEmails: change.excludedEmails },
    confirmFreeMail: change.confirmFreeMailOnly,
    restriction: restrictionOf(change.restriction),
    preferred: preferredOf(change.preferredHours),
    mails: change.mails && { ...present.mails, ...change.mails },
  }
}

/** Where commands name them otherwise. */
export const OWN_NAMES: Readonly<Record<string, string>> = {
  ratingMail: 'ratingMailMinutes',
  confirmFreeMail: 'confirmFreeMailOnly',
  preferred: 'preferredHours',
  'preferred.weekly': 'preferredHours.hours',
  timeZoneLock: 'lockedTimeZone',
  'seats.maxPerBooking': 'seats.maximumPerBooking',
}

function restrictionOf(change: OwnChange['restriction']) {
  if (!change) return change
  return 'disabled' in change ? null : { scheduleId: change.scheduleId, visitorZone: change.inBookerTimeZone }
}

function preferredOf(change: OwnChange['preferredHours']): PreferredHours | null | undefined {
  if (!change) return change
  if ('disabled' in change) return null
  const weekly = change.hours.map(({ days, startTime, endTime }) => ({
    days: [...new Set(days)].map((day) => WEEKDAYS.indexOf(day)),
    ...{ start: minutesOf(startTime), end: minutesOf(endTime) },
  }))
  return { weekly, show: change.show }
}

export function presentedOwn(eventType: EventType): z.input<typeof ownShape> {
  const { botCheck, splitName, requiredEmails, excludedEmails, organizerEmailId, replyTo, mails, preferred } = eventType
  return {
    ...{ botCheck, splitName, requiredEmails, excludedEmails, organizerEmailId, replyTo, mails },
    ...{ confirmFreeMailOnly: eventType.confirmFreeMail, ratingMailMinutes: eventType.ratingMail },
    lockedTimeZone: eventType.timeZoneLock,
    restriction: eventType.restriction && {
      scheduleId: eventType.restriction.scheduleId,
      inBookerTimeZone: eventType.restriction.visitorZone,
    },
    preferredHours: preferred && {
      hours: preferred.weekly.map(({ days, start, end }) => ({
        days: days.flatMap((day) => WEEKDAYS[day] ?? []),
        ...{ startTime: clockOf(start), endTime: clockOf(end) },
      })),
      show: preferred.show,
    },
  }
}

/** How a host arranges things is nobody else's matter. */
export const OWN_FOR_VISITORS: Readonly<Record<keyof typeof ownReadable, undefined>> = {
  ...{
    botCheck: undefined,
    splitName: undefined,
    requiredEmails: undefined,
    excludedEmails: undefined,
    confirmFreeMailOnly: undefined,
  },
  ...{
    ratingMailMinutes: undefined,
    lockedTimeZone: undefined,
    organizerEmailId: undefined,
    replyTo: undefined,
    restriction: undefined,
  },
  ...{ preferredHours: undefined, mails: undefined },
}

function clockOf(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}
