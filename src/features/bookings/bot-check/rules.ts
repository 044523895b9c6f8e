import { sign } from '#platform/crypto.ts'

/** Faster nobody reads a form and fills it, except with values that were prefilled: they press the button once more. */
const LEAST_MS = 3000
/** Of a form that was open for longer, another one takes the place. */
const MOST_MS = 24 * 3_600_000

/** What a form says of how it was filled. */
export interface FormTrace {
  /** When it was shown, signed; see `bornAt`. */
  born: string
  /** A field that people do not see. */
  trap: string
}

/** Says when a form was shown, so that only this instance can. @param now epoch ms */
export function bornAt(now: number, key: Buffer): string {
  const at = now.toString(36)
  return `${at}.${sign(key, at)}`
}

/** Whether `born` is of this instance and not too old, so that a form which is shown again need not wait anew. */
export function isBorn(born: string, now: number, key: Buffer): boolean {
  const age = ageOf(born, now, key)
  return age !== null && age <= MOST_MS
}

/** Whether a person may have filled it. A trace is no proof: it keeps away what fills in whatever it finds, at once. */
export function looksHuman(trace: FormTrace | undefined, now: number, key: Buffer): boolean {
  if (trace?.trap !== '') return false
  const age = ageOf(trace.born, now, key)
  return age !== null && age >= LEAST_MS && age <= MOST_MS
}

function ageOf(born: string, now: number, key: Buffer): number | null {
  const [at = ''] = born.split('.', 1)
  const milliseconds = Number.parseInt(at, 36)
  return Number.isFinite(milliseconds) && bornAt(milliseconds, key) === born ? now - milliseconds : null
}
