import type { ReasonCode } from './operations.ts'

/** One problem of a request that is not well formed. */
export interface FieldProblem {
  /** Where it is in the body or the query, such as `attendee.email`. */
  path: string
  code: string
  message: string
}

interface Refusal {
  status: number
  code: string
  message: string
  details: Record<string, unknown>
  requestId: string | null
  retryAfterSeconds: number | null
}

/** The installation understood, and said no. Decide by `code`: it stays the same. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  /** Of HTTP. */
  readonly status: number
  readonly code: ReasonCode | (string & {})
  readonly details: Record<string, unknown>
  /** Helps whoever runs the installation to find the request. */
  readonly requestId: string | null
  /** When it may be tried again, where the reply says so. */
  readonly retryAfterSeconds: number | null

  constructor({ status, code, message, details, requestId, retryAfterSeconds }: Refusal) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
  }

  /** What is wrong with the request, field by field; empty for other refusals. */
  get fields(): readonly FieldProblem[] {
    return Array.isArray(this.details.fields) ? this.details.fields : []
  }

  /** Of a time that is not to be had: the nearest starts that are, as instants. */
  get alternatives(): readonly string[] {
    return Array.isArray(this.details.alternatives) ? this.details.alternatives : []
  }
}

/** Nothing came back that could be understood: no connection, no time left, or something else than Sundial answers there. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}
