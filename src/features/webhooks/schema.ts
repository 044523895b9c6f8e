import { z } from 'zod'
import { multiLine } from '#platform/fields.ts'
import { templateProblem } from './templates/rules.ts'
import { LONGEST_SECRET, LONGEST_TEMPLATE, SHORTEST_SECRET, TRIGGERS, VERSIONS } from './types.ts'

const LEAST_BYTES = 16

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** Where it leads is judged when it is saved and again with every request. */
const url = z.string().trim().min(1).max(2000)

const triggers = z
  .array(z.enum(TRIGGERS))
  .min(1)
  .max(TRIGGERS.length)
  .transform((list) => TRIGGERS.filter((trigger) => list.includes(trigger)))

/** Null and empty: the standard body. */
const template = multiLine(LONGEST_TEMPLATE)
  .nullable()
  .transform((text) => text || null)
  .superRefine((text, check) => {
    const problem = text === null ? null : templateProblem(text)
    if (problem) check.addIssue({ code: 'custom', params: { code: problem } })
  })

/** What is called whsec_ is the base64 of its bytes; too few of them, or none, would be no secret. */
function isLongEnough(secret: string): boolean {
  const [, base64] = /^whsec_(.*)$/.exec(secret) ?? []
  if (base64 === undefined) return true
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && Buffer.from(base64, 'base64').length >= LEAST_BYTES
}

/** Left out: one is made. Null: nothing is signed. */
const secret = z
  .string()
  .min(SHORTEST_SECRET)
  .max(LONGEST_SECRET)
  .regex(/^[\x21-\x7e]+$/, { error: 'field_unreadable' })
  .refine(isLongEnough, { params: { code: 'field_invalid' } })
  .nullable()
  .optional()

export const newWebhook = z.strictObject({
  url,
  eventTypeId: id.nullable().default(null),
  triggers,
  active: z.boolean().default(true),
  template: template.default(null),
  version: z.enum(VERSIONS).default('2021-10-20'),
  secret,
})

/** What is left out stays as it is. */
export const webhookChange = z.strictObject({
  id,
  url: url.optional(),
  triggers: triggers.optional(),
  active: z.boolean().optional(),
  template: template.optional(),
  /** Another one, as `rotateSecret` does. */
  secret,
})

export const webhookKey = z.strictObject({ id })
export const secretChange = z.strictObject({ id, secret })
export const restoreKey = z.strictObject({ key: z.uuid() })
export const redelivery = z.strictObject({ id, deliveryId: z.uuid() })

export type NewWebhook = z.input<typeof newWebhook>
export type WebhookChange = z.input<typeof webhookChange>
export type WebhookKey = z.input<typeof webhookKey>
export type SecretChange = z.input<typeof secretChange>
export type RestoreKey = z.input<typeof restoreKey>
export type Redelivery = z.input<typeof redelivery>
