import { z } from 'zod'
import { mailAddress, multiLine, singleLine, timeZoneName } from '#platform/fields.ts'
import { LOCALES } from '#platform/i18n/locale.ts'
import { metadata } from '#platform/metadata.ts'
import { rawAnswers } from '../answers/schema.ts'
import { phoneNumber, startInstant } from '../schema.ts'
import { companions } from '../seats/party/schema.ts'

/** A host books for somebody. */
export const onBehalfSchema = z.strictObject({
  eventTypeId: z.number().int().positive(),
  start: startInstant,
  /** Minutes; not only those on offer. */
  duration: z.number().int().min(1).max(1440),
  /** How many people come; each takes a seat. */
  quantity: z.number().int().min(1).max(1000).default(1),
  /** Who comes along, as far as they are named. */
  companions: companions.default([]),
  /** To what is asked of each person, by the keys of the questions; nobody asks the host the rest of the form. */
  answers: rawAnswers.default({}),
  /** Of a series: how many, the first included. */
  dates: z.number().int().min(1).max(60).default(1),
  name: singleLine(200),
  email: mailAddress,
  timeZone: timeZoneName,
  locale: z.enum(LOCALES),
  phone: z.union([z.literal('').transform(() => undefined), phoneNumber]).optional(),
  /** Where to meet, for a location that is where the booker says. */
  place: z.union([z.literal('').transform(() => undefined), singleLine(300)]).optional(),
  notes: multiLine(5000).default(''),
  metadata: metadata.default({}),
  /** Those who come are told. */
  mails: z.boolean(),
  /** Also outside of what is offered; then it says why. */
  anyway: z.boolean().default(false),
  reason: multiLine(2000).default(''),
})
export type OnBehalf = z.infer<typeof onBehalfSchema>
