import type { Companion, ShownCompanion } from './types.ts'

/** Whoever brings more than that names as many. */
export const MOST_COMPANIONS = 50

/** What is shown of them: to the host all, to the booker what they were asked. */
export function shownCompanions(companions: readonly Companion[], toHost: boolean): ShownCompanion[] {
  return companions.map(({ name, answers = [] }) => ({
    name,
    answers: answers.filter(({ hidden }) => toHost || !hidden),
  }))
}

/**
 * Who of those that were named still comes. Where nobody says who stays away, it is first who was not named, then who was named last.
 * @param away positions in the list
 * @param quantity of people, the booker included
 */
export function whoComes(companions: readonly Companion[], away: readonly number[], quantity: number): Companion[] {
  return companions.filter((_, at) => !away.includes(at)).slice(0, quantity - 1)
}
