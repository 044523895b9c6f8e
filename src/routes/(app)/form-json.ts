import { AppError } from '#platform/errors.ts'

/** A form field that carries JSON. @throws invalid_input when it does not. */
export function jsonField(form: FormData, name: string): unknown {
  const text = form.get(name)
  try {
    if (typeof text === 'string') return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new AppError('invalid_input', 'invalid', {
    fields: [{ path: name, code: 'field_invalid', message: 'not JSON' }],
  })
}

/** The id in an address or a field; what is none belongs to nothing. */
export function idOf(text: FormDataEntryValue | string | null | undefined): number {
  return typeof text === 'string' && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : 0
}
