import { Temporal } from 'temporal-polyfill'

/** In the morning of the first day, when mails are read. */
const HOUR = 8
/** An installation that did not run then tells so many days later at most. */
const DAYS = 4

/** A month of a calendar in a zone, with the one after. */
export interface Month {
  /** 202611 */
  number: number
  from: Temporal.Instant
  to: Temporal.Instant
  following: Temporal.Instant
}

/** The month that somebody is to be told about at this moment; null when it is not the time. */
export function monthToTell(now: Temporal.Instant, timeZone: string, since: Temporal.Instant): Month | null {
  const here = now.toZonedDateTimeISO(timeZone)
  if (here.day > DAYS || (here.day === 1 && here.hour < HOUR)) return null
  const last = here.toPlainDate().subtract({ months: 1 })
  const month = monthOf(last.year * 100 + last.month, timeZone)
  // Whoever asked for it during this month begins with this month.
  return since.epochMilliseconds < month.to.epochMilliseconds ? month : null
}

/** @param number 202611 */
export function monthOf(number: number, timeZone: string): Month {
  const iso = `${String(number).slice(0, 4)}-${String(number).slice(4)}-01`
  const first = Temporal.PlainDate.from(iso)
  const [from, to, following] = [0, 1, 2].map((months) => first.add({ months }).toZonedDateTime(timeZone).toInstant())
  return {
    number,
    from: from as Temporal.Instant,
    to: to as Temporal.Instant,
    following: following as Temporal.Instant,
  }
}
