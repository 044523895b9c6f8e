import { type ActionFailure, fail, type RequestEvent } from '@sveltejs/kit'
import { isAppError } from '../errors.ts'
import { statusOf } from './status.ts'

/** What a page gets back of a form that was refused: the code, what may be shown, and every word that was typed. */
export interface FormProblem {
  code: string
  details: Record<string, unknown>
  values: Record<string, string | string[]>
}

/**
 * Runs a form action. An expected failure becomes `form` of the page with its status and what was typed, passwords excepted;
 * anything else goes on to the error page.
 */
export async function formAction<T>(
  event: Pick<RequestEvent, 'request'>,
  run: (form: FormData) => Promise<T>,
): Promise<T | ActionFailure<FormProblem>> {
  const form = await event.request.formData()
  try {
    return await run(form)
  } catch (failure) {
    if (!isAppError(failure)) throw failure
    return fail(statusOf(failure), { code: failure.code, details: failure.details, values: typed(form) })
  }
}

function typed(form: FormData): FormProblem['values'] {
  const values: FormProblem['values'] = {}
  for (const name of new Set(form.keys())) {
    if (/password|token/i.test(name)) continue
    const all = form.getAll(name).filter((value) => typeof value === 'string')
    if (all.length > 0) values[name] = all.length === 1 ? (all[0] as string) : all
  }
  return values
}
