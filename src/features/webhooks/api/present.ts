import type { Webhook } from '../types.ts'
import type { WireEventTypeWebhook, WireWebhook } from './schema.ts'

export function presentedWebhook(webhook: Webhook, userId: number, secret?: string): WireWebhook {
  return {
    ...common(webhook, secret),
    userId,
    ...(webhook.eventTypeId !== null && { eventTypeId: webhook.eventTypeId }),
  }
}

export function presentedEventTypeWebhook(webhook: Webhook, secret?: string): WireEventTypeWebhook {
  return { ...common(webhook, secret), eventTypeId: webhook.eventTypeId ?? 0 }
}

function common({ id, triggers, url, active, template }: Webhook, secret: string | undefined) {
  return {
    ...{ id, triggers, subscriberUrl: url, active, payloadTemplate: template },
    ...(secret !== undefined && { secret }),
  }
}
