import { z } from 'zod'
import { idInPath, instantText } from '#platform/http/api/fields.ts'
import { pageQuery } from '#platform/http/api/pages.ts'
import { TRIGGERS } from '../../types.ts'

const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

const deliveryTry = z
  .object({
    id: z.string(),
    at: instantText,
    request: z.object({ url: z.string(), headers, body: z.string() }),
    response: z.object({ status: z.number().int(), headers, body: z.string() }).nullable(),
    failure: z.string().nullable().meta({ description: 'Why there was no answer, as a code.' }),
    milliseconds: z.number().int(),
  })
  .meta({ id: 'WebhookTry' })

export const delivery = z
  .object({
    id: z.string().meta({ description: 'It comes as `webhook-id`, the same with every try.' }),
    triggerEvent: z.string().meta({ examples: TRIGGERS.slice(0, 1) }),
    subject: z.string().meta({ examples: ['booking:17'] }),
    state: z.enum(['waiting', 'sending', 'delivered', 'skipped', 'failed']),
    reason: z.string().nullable(),
    attempts: z.number().int(),
    createdAt: instantText,
    nextAt: instantText.nullable().meta({ description: 'Of one that waits.' }),
    tries: z.array(deliveryTry).meta({ description: 'The latest five, the newest first.' }),
  })
  .meta({ id: 'WebhookDelivery' })

export const ping = z
  .object({
    ok: z.boolean(),
    status: z.number().int().nullable().meta({ description: 'Null: nobody answered, and `failure` says why.' }),
    body: z.string().nullable(),
    failure: z.string().nullable(),
    milliseconds: z.number().int(),
  })
  .meta({ id: 'WebhookPing' })

export const secretWish = z
  .strictObject({ secret: z.string().nullable() })
  .partial()
  .meta({
    id: 'WebhookSecretChange',
    description: 'Without one, one is made. `null`: from now on messages are not signed.',
    examples: [{}],
  })

export const freshSecret = z
  .object({ secret: z.string().nullable().meta({ description: 'Shown only in this reply.' }) })
  .meta({ id: 'WebhookSecret' })

const USUAL = 20
export const deliveriesQuery = z.strictObject(pageQuery(USUAL)).omit({ skip: true })
export const cursorShape = z.tuple([z.string()])
export const webhookParams = z.strictObject({ webhookId: idInPath })
export const deliveryParams = z.strictObject({ webhookId: idInPath, deliveryId: z.uuid() })

export type WireDelivery = z.input<typeof delivery>
export type WirePing = z.input<typeof ping>
