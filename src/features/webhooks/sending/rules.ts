import type { Temporal } from 'temporal-polyfill'
import { contextOf } from '../payload/rules.ts'
import type { Body } from '../payload/types.ts'
import type { Receiver } from '../queries.ts'
import { signatureHeaders } from '../signing/rules.ts'
import { render, TemplateFailure } from '../templates/rules.ts'

/** One try, ready to go. */
export interface SignedRequest {
  url: string
  headers: Record<string, string>
  body: string
}

/** The same delivery gives the same body and id with every try; only its time is new. */
export function requestTo(
  { url, template, version, secrets }: Receiver,
  body: Body,
  { id, now }: { id: string; now: Temporal.Instant },
): SignedRequest | { problem: string } {
  const written = bodyText(template, body)
  if ('problem' in written) return written
  const timestamp = Math.floor(now.epochMilliseconds / 1000)
  return {
    url,
    body: written.body,
    headers: {
      ...{ 'content-type': written.contentType, 'user-agent': 'Sundial', 'x-cal-webhook-version': version },
      ...signatureHeaders({ id, timestamp, body: written.body }, secrets),
    },
  }
}

function bodyText(template: string | null, body: Body): { body: string; contentType: string } | { problem: string } {
  if (template === null) return { body: JSON.stringify(body), contentType: 'application/json' }
  try {
    return render(template, contextOf(body))
  } catch (failure) {
    if (failure instanceof TemplateFailure) return { problem: failure.code }
    throw failure
  }
}
