import { type ActionFailure, fail, type RequestEvent } from '@sveltejs/kit'
import { databaseTrouble } from '../db/trouble.ts'
import { type AppError, isAppError } from '../errors.ts'
import { statusOf } from './status.ts'

/** What a page gets back of a form that was refused: the code, what may be shown, and every word that was typed. */
export interface FormProblem {
  code: string
  details: Record<string, unknown>
  values: Record<string, string | string[]>
}

/**
 * Runs a form action. An expected failure becomes `form` of the page with its status and what was typed, passwords excepted, and so
 * does a database that can't do anything just now; anything else goes on to the error page.
 */
export async function formAction<T>(
  event: Pick<RequestEvent, 'request' | 'locals'>,
  run: (form: FormData) => Promise<T>,
): Promise<T | ActionFailure<FormProblem>> {
  const form = await event.request.formData()
  try {
    return await run(form)
  } catch (failure) {
    const { code, details, kind } = expected(failure, event.locals)
    return fail(statusOf({ kind }), { code, details, values: typed(form) })
  }
}

/** Of a failure that can be told to whoever asked; where the database is in trouble, whoever runs it is told too. @throws any other */
export function expected(failure: unknown, { ctx }: Pick<App.Locals, 'ctx'>): AppError {
  if (isAppError(failure)) return failure
  const trouble = databaseTrouble(failure)
  if (!trouble) throw failure
  ctx.log.error({ err: failure, requestId: ctx.requestId }, 'request failed')
  return trouble
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
