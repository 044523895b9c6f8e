import type { AppError, ErrorKind } from '../errors.ts'

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  rate_limited: 429,
  upstream: 502,
  unavailable: 503,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_type: 415,
}

export function statusOf(error: Pick<AppError, 'kind'>): number {
  return STATUS[error.kind]
}

/** Answers a program with the problem document of an error, which nobody shall keep. */
export function problemAnswer(error: AppError, requestId: string, headers: Record<string, string> = {}): Response {
  const { retryAfterSeconds } = error.details
  return Response.json(problemOf(error, requestId), {
    status: statusOf(error),
    headers: {
      ...headers,
      ...{ 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  })
}

/** RFC 9457 problem document: the public code and details of an error, never its cause. */
function problemOf(error: AppError, requestId: string) {
  return {
    type: 'about:blank',
    title: error.code,
    status: statusOf(error),
    code: error.code,
    details: error.details,
    requestId,
  }
}
