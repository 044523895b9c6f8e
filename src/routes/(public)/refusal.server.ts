import { type ActionFailure, isActionFailure, type RequestEvent } from '@sveltejs/kit'
import type { FormRefusal } from '#features/bookings/ui/booker.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { FieldProblem } from '#platform/errors.ts'
import type { FormProblem } from '#platform/http/kit.ts'
import { type MessageKey, translatorFor } from '#platform/i18n/messages.ts'

/** A refused form is shown by the load that follows the action in the same request. */
export function keepProblem<T>(
  event: RequestEvent,
  outcome: T | ActionFailure<FormProblem>,
): T | ActionFailure<FormProblem> {
  if (isActionFailure(outcome)) event.locals.formProblem = (outcome as ActionFailure<FormProblem>).data
  return outcome
}

/** Codes that are about one field. */
const FIELD_OF_CODE: Record<string, string> = {
  email_not_admitted: 'email',
  guest_guarded: 'guests',
  mail_code_wrong: 'code',
  party_too_large: 'quantity',
  not_enough_seats: 'quantity',
  companions_too_many: 'companions',
  phone_required: 'phone',
  place_required: 'place',
  location_not_offered: 'location',
}

export function refusalOf(ctx: Ctx, problem: FormProblem | undefined): FormRefusal | null {
  if (!problem) return null
  const { code, details } = problem
  const text = problemText(ctx, code, details)
  const alternatives = Array.isArray(details.alternatives) ? (details.alternatives as number[]) : []
  const listed = Array.isArray(details.fields) ? (details.fields as FieldProblem[]) : []
  const fields = listed.map(({ path, code: of, values }) => [
    /^(answers|companions)\./.test(path) ? path : (path.split('.')[0] ?? ''),
    problemText(ctx, of, values ?? {}),
  ])
  const own = FIELD_OF_CODE[code]
  const movable = details.offerMove === true && ctx.mail.configured
  return {
    code,
    text,
    alternatives,
    movable,
    fields: { ...Object.fromEntries(fields), ...(own ? { [own]: text } : {}) },
  }
}

/** The sentence for the code of an expected failure. */
export function problemText({ locale }: Ctx, code: string, details: Record<string, unknown>): string {
  const values = Object.entries(details).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  const t = translatorFor(locale)
  const key = `errors.${code}`
  const text = t(key as MessageKey, Object.fromEntries(values))
  return text === key ? t('errors.unexpected') : text
}

/** Once a code was asked for, until it is accepted. */
export function asksCode(problem: FormProblem | undefined, always: boolean): boolean {
  if (!problem) return false
  return (
    problem.values.code !== undefined ||
    ['mail_code_required', 'mail_code_wrong', ...(always ? ['rate_limited'] : [])].includes(problem.code)
  )
}
