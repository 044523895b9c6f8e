import { START_STEPS, type StartStep } from '../types.ts'

/** What comes after a step; null: that was the last. */
export function stepAfter(step: StartStep): StartStep | null {
  return START_STEPS[START_STEPS.indexOf(step) + 1] ?? null
}

/** Where an account is once `step` is done or left out: steps that were behind it already stay so. */
export function reached(at: StartStep | null, step: StartStep): StartStep | null {
  if (at === null) return null
  const next = stepAfter(step)
  return next === null || START_STEPS.indexOf(next) > START_STEPS.indexOf(at) ? next : at
}
