import { z } from 'zod'
import { idInPath, queryInteger } from '#platform/http/api/fields.ts'
import { MOST_WEBHOOKS, TRIGGERS, VERSIONS } from '../types.ts'

const triggers = z.array(z.enum(TRIGGERS).meta({ id: 'WebhookTrigger' }))

const fields = {
  active: z.boolean(),
  subscriberUrl: z.string().meta({ description: 'Where it is sent: https, to the open internet.' }),
  triggers,
  payloadTemplate: z.string().nullable().meta({
    description: 'The body, with names in double braces that are filled in. Without it the standard body is sent.',
  }),
  secret: z.string().meta({ description: 'What messages are signed with. Without it they are not signed.' }),
}

export const newWebhookBody = z
  .strictObject({ ...fields, version: z.enum(VERSIONS) })
  .partial({ payloadTemplate: true, secret: true, version: true })
  .meta({
    id: 'NewWebhook',
    examples: [
      {
        ...{
          active: true,
          subscriberUrl: 'https://example.org/hook',
          triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'],
        },
        ...{ secret: 'a-long-random-text', payloadTemplate: '{"content":"{{title}} with {{attendees.0.name}}"}' },
      },
    ],
  })

export const webhookUpdate = z
  .strictObject({ ...fields, version: z.enum(VERSIONS) })
  .partial()
  .meta({
    id: 'WebhookUpdate',
    description: 'What is left out stays as it is. A new secret signs beside the former one for 24 hours.',
    examples: [{ active: false }],
  })

const shown = {
  id: z.number().int(),
  triggers,
  subscriberUrl: z.string(),
  active: z.boolean(),
  payloadTemplate: z.string().nullable(),
  secret: z.string().optional().meta({ description: 'Only in the answer to the request that set it.' }),
}

export const webhook = z
  .object({ ...shown, userId: z.number().int(), eventTypeId: z.number().int().optional() })
  .meta({ id: 'Webhook' })

export const eventTypeWebhook = z.object({ ...shown, eventTypeId: z.number().int() }).meta({ id: 'EventTypeWebhook' })

export const webhooksQuery = z
  .strictObject({ take: queryInteger(1, 250).default(MOST_WEBHOOKS), skip: queryInteger(0, 1_000_000).default(0) })
  .partial()

export const webhookParams = z.strictObject({ webhookId: idInPath })
export const eventTypeParams = z.strictObject({ eventTypeId: idInPath })
export const eventTypeWebhookParams = z.strictObject({ eventTypeId: idInPath, webhookId: idInPath })

export type NewWebhookBody = z.output<typeof newWebhookBody>
export type WebhookUpdate = z.output<typeof webhookUpdate>
export type WireWebhook = z.input<typeof webhook>
export type WireEventTypeWebhook = z.input<typeof eventTypeWebhook>
