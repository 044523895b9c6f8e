import { isAppError } from '#platform/errors.ts'

/** `code` of a refusal, or `code/field:code` when fields are named. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!isAppError(error)) throw error
    const fields = (error.details.fields ?? []) as { path: string; code: string }[]
    return [error.code, ...fields.map((field) => `${field.path}:${field.code}`)].join('/')
  }
}
