import type { z } from 'zod'
import { type FieldProblem, invalidInput } from './errors.ts'

const MOST_PROBLEMS = 50
/** Input comes back in paths and texts at most this long, whatever was sent. */
const MOST_CHARACTERS = 200

/**
 * Gives input its shape, or says what is wrong with each part of it: the first problem of each field.
 * A schema adds codes of its own with `params: { code }` of a custom issue, or with `error: 'code'` where zod would phrase it.
 * @throws invalid_input
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  const problems = new Map<string, FieldProblem>()
  for (const issue of result.error.issues.slice(0, MOST_PROBLEMS)) {
    const problem = problemOf(issue)
    if (!problems.has(problem.path)) problems.set(problem.path, problem)
  }
  throw invalidInput([...problems.values()])
}

function problemOf(issue: z.core.$ZodIssue): FieldProblem {
  return {
    path: issue.path.map(String).join('.').slice(0, MOST_CHARACTERS),
    code: codeOf(issue),
    message: issue.message.slice(0, MOST_CHARACTERS),
    values: valuesOf(issue),
  }
}

function codeOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return typeof issue.params?.code === 'string' ? issue.params.code : 'field_invalid'
    case 'too_small':
      if (issue.origin === 'string') return issue.minimum === 1 ? 'field_required' : 'field_too_short'
      return issue.origin === 'array' ? 'field_too_few' : 'field_too_small'
    case 'too_big':
      if (issue.origin === 'string') return 'field_too_long'
      return issue.origin === 'array' ? 'field_too_many' : 'field_too_large'
    case 'invalid_type':
      return issue.input === undefined || issue.input === null ? 'field_required' : 'field_invalid'
    case 'unrecognized_keys':
      return 'field_unknown'
    default:
      return 'field_invalid'
  }
}

/** The bounds a message may name. */
function valuesOf(issue: z.core.$ZodIssue): Record<string, number> {
  if (issue.code === 'too_small') return { min: Number(issue.minimum) }
  if (issue.code === 'too_big') return { max: Number(issue.maximum) }
  return {}
}
