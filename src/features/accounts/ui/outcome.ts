/** What a page knows after one of its forms: `form` of the page, of whichever action. */
export type Outcome =
  | {
      code?: string
      details?: Record<string, unknown>
      /** As typed. */
      values?: Record<string, string | string[]>
      /** Which part was saved. */
      saved?: string
      /** The mail address it was about. */
      email?: string
      /** A new API key, shown this one time. */
      newKey?: string
    }
  | null
  | undefined

/** The refusal, where it was one. */
export function refusalOf(form: Outcome): { code: string; details?: Record<string, unknown> } | null {
  return form?.code === undefined ? null : { code: form.code, details: form.details }
}

/** What was typed into a field of a refused form, or `otherwise`. */
export function typed(form: Outcome, name: string, otherwise: string): string {
  const value = form?.values?.[name]
  return typeof value === 'string' ? value : otherwise
}
