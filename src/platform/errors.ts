/** What `platform/http` maps to a status code; the only part of an error that transport may look at. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'rate_limited'
  | 'upstream'
  /** For a while, and whoever asked did nothing wrong. */
  | 'unavailable'
  /** Of requests: what HTTP itself has a status for. */
  | 'method_not_allowed'
  | 'too_large'
  | 'unsupported_type'

const MARK = Symbol.for('sundial.AppError')

/**
 * An expected failure that has a sentence on screen.
 * `code` is public and a translation key (`error.<code>`), `details` may be shown, `cause` is only logged.
 */
export class AppError extends Error {
  readonly [MARK] = true
  readonly code: string
  readonly kind: ErrorKind
  readonly details: Record<string, unknown>

  constructor(code: string, kind: ErrorKind, details: Record<string, unknown> = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.name = 'AppError'
    this.code = code
    this.kind = kind
    this.details = details
  }
}

/** The web build bundles its own copy of this class, so identity is by mark, not by `instanceof`. */
export function isAppError(error: unknown): error is AppError {
  return typeof error === 'object' && error !== null && MARK in error
}

/** Makes the error constructor of a feature from its table of codes. */
export function errorTable<const T extends Record<string, ErrorKind>>(table: T) {
  return (code: keyof T & string, details?: Record<string, unknown>, cause?: unknown): AppError =>
    new AppError(code, table[code] as ErrorKind, details, cause)
}

/** One problem of a form or a body: where it is and the code of what is wrong. */
export interface FieldProblem {
  path: string
  code: string
  message: string
  /** What the sentence for `code` takes, such as the bound that was passed. */
  values?: Record<string, string | number>
}

/** Input that does not have the right shape; `details.fields` names each problem. */
export function invalidInput(fields: FieldProblem[]): AppError {
  return new AppError('invalid_input', 'invalid', { fields })
}
