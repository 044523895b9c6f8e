/**
 * The yardstick of everything that is counted in time: copy 100,000 random numbers and sort them. Milliseconds of the machine on which
 * the budgets were set.
 */
export const YARDSTICK_MS = 8.6

/** Numbers that look random and are the same in every run. */
export function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const SORTS = 12
const numbers = Float64Array.from({ length: 100_000 }, sequence(1))

function sort(): void {
  numbers.slice().sort()
}

/**
 * Milliseconds of CPU time for one sort, now. A sort takes so long that other programs cut into it; CPU time does not count what they
 * take away.
 */
export function yardstickNow(): number {
  sort()
  const before = process.cpuUsage()
  for (let i = 0; i < SORTS; i++) sort()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / SORTS
}
