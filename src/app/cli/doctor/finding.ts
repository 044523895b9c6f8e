/** What one check of `doctor` found. */
export interface Finding {
  subject: string
  ok: boolean
  /** What is so. */
  text: string
  /** What to do about a problem. */
  fix?: string
}

/** Clocks this far apart move reminders and expiries noticeably. */
const MOST_SECONDS_APART = 5

/** @param ahead by how many milliseconds the other clock is ahead of this machine's, as far as could be measured */
export function clockFinding(subject: string, other: string, ahead: number): Finding {
  const seconds = Math.round(Math.abs(ahead) / 1000)
  if (seconds <= MOST_SECONDS_APART) return { subject, ok: true, text: `agrees with ${other}` }
  return {
    subject,
    ok: false,
    text: `${other} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine`,
    fix: 'Set both by NTP, such as with: timedatectl set-ntp true',
  }
}

/** What went wrong, without a stack: connection failures hide it in their cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  return inner instanceof Error && inner.message ? inner.message : error.message || error.name
}
