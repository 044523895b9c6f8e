import ICAL from 'ical.js'

/** A time in the visitor's own calendar, epoch ms. */
export interface OwnTime {
  start: number
  end: number
  title: string
}

/** One entry and all its repetitions. */
interface Entry {
  event: ICAL.Event
  repeats: boolean
  title: string
  /** Epoch ms of repetitions that were moved or taken out: they are entries of their own, or nothing. */
  replaced: (timeZone: string) => ReadonlySet<number>
}

export interface OwnCalendar {
  entries: readonly Entry[]
  /** Entries that nothing could be made of. */
  unread: number
}

/** What is asked for: a span in epoch ms, and the zone in which whole days and times without a zone are meant. */
export interface OwnSpan {
  from: number
  until: number
  timeZone: string
}

const MOST_ENTRIES = 50_000
/** Repetitions that are walked over in one series, and in all: an hourly one reaches two years. */
const MOST_STEPS = 20_000
const MOST_STEPS_IN_ALL = 400_000
const MOST_TIMES = 5_000
const LONGEST_TITLE = 120

/**
 * Reads RFC 5545 text. Left out is what takes no time: what is cancelled, or marked as free.
 * @throws when it is not a calendar, or has more entries than anybody's
 */
export function readCalendar(text: string): OwnCalendar {
  const components = calendarsIn(text).flatMap((calendar) => calendar.getAllSubcomponents('vevent'))
  if (components.length > MOST_ENTRIES) throw new Error('too many entries')
  const entries: Entry[] = []
  let unread = 0
  const changes = Map.groupBy(
    components.filter((one) => one.hasProperty('recurrence-id')),
    (one) => String(one.getFirstPropertyValue('uid')),
  )
  for (const component of components) {
    if (!takesTime(component)) continue
    try {
      entries.push(entryOf(component, changes.get(String(component.getFirstPropertyValue('uid'))) ?? []))
    } catch {
      // One entry that nobody can read is no reason to show none: it is counted, and the visitor is told.
      unread++
    }
  }
  return { entries, unread }
}

function calendarsIn(text: string): ICAL.Component[] {
  const parsed = ICAL.parse(text) as unknown[]
  // Several calendars one after the other come as a list of them.
  const all = (typeof parsed[0] === 'string' ? [parsed] : parsed) as ConstructorParameters<typeof ICAL.Component>[0][]
  const calendars = all.map((one) => new ICAL.Component(one)).filter(({ name }) => name === 'vcalendar')
  if (calendars.length === 0) throw new Error('not a calendar')
  return calendars
}

function takesTime(component: ICAL.Component): boolean {
  const says = (name: string) => String(component.getFirstPropertyValue(name) ?? '').toUpperCase()
  return (
    says('status') !== 'CANCELLED' && says('transp') !== 'TRANSPARENT' && says('x-microsoft-cdo-busystatus') !== 'FREE'
  )
}

function entryOf(component: ICAL.Component, changes: readonly ICAL.Component[]): Entry {
  const event = new ICAL.Event(component, { strictExceptions: true, exceptions: [] })
  if (!event.startDate || !event.endDate) throw new Error('no time')
  const isChange = component.hasProperty('recurrence-id')
  return {
    event,
    repeats: !isChange && event.isRecurring(),
    title: (event.summary ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_TITLE),
    replaced: (timeZone) =>
      new Set(
        isChange
          ? []
          : changes.map((one) => one.getFirstProperty('recurrence-id')).flatMap((id) => momentOf(id, timeZone)),
      ),
  }
}

function momentOf(property: ICAL.Property | null, timeZone: string): number[] {
  const value = property?.getFirstValue()
  return value instanceof ICAL.Time ? [instantOf(value, zoneOf(property), timeZone)] : []
}

/** When somebody is busy within a span, in order. `cut`: there is more than is told. */
export function timesIn({ entries }: OwnCalendar, span: OwnSpan): { times: OwnTime[]; cut: boolean } {
  const times: OwnTime[] = []
  const steps = { left: MOST_STEPS_IN_ALL }
  let cut = false
  for (const entry of entries) {
    try {
      cut = !collect(entry, span, times, steps) || cut
    } catch {
      // A repetition that nobody can follow is no reason to show none of the others: the visitor is told that there is more.
      cut = true
    }
    if (times.length > MOST_TIMES) return { times: times.slice(0, MOST_TIMES).sort(byStart), cut: true }
  }
  return { times: times.sort(byStart), cut }
}

const byStart = (a: OwnTime, b: OwnTime) => a.start - b.start

/** @returns false when there was more than could be walked over */
function collect(entry: Entry, span: OwnSpan, times: OwnTime[], steps: { left: number }): boolean {
  const { event, title } = entry
  const zone = zoneOf(event.component.getFirstProperty('dtstart'))
  const add = (start: ICAL.Time) => {
    const time = { ...extentOf(event, start, zone, span.timeZone), title }
    if (time.end > time.start && time.start < span.until && time.end > span.from) times.push(time)
    return time.start < span.until
  }
  if (!entry.repeats) {
    add(event.startDate)
    return true
  }
  const replaced = entry.replaced(span.timeZone)
  const expansion = new ICAL.RecurExpansion({ component: event.component, dtstart: event.startDate })
  for (let n = 0; n < MOST_STEPS && steps.left > 0 && times.length <= MOST_TIMES; n++, steps.left--) {
    const start = expansion.next()
    if (!start) return true
    if (replaced.has(instantOf(start, zone, span.timeZone))) continue
    if (!add(start)) return true
  }
  return false
}

/** Whole days end at a midnight; other times last as long as the first one did. */
function extentOf(event: ICAL.Event, start: ICAL.Time, zone: string, timeZone: string): { start: number; end: number } {
  const begin = instantOf(start, zone, timeZone)
  if (start.isDate) {
    const last = start.clone()
    last.addDuration(event.duration)
    return { start: begin, end: instantOf(last, zone, timeZone) }
  }
  const endZone = zoneOf(event.component.getFirstProperty('dtend')) || zone
  const lasts = instantOf(event.endDate, endZone, timeZone) - instantOf(event.startDate, zone, timeZone)
  return { start: begin, end: begin + lasts }
}

function zoneOf(property: ICAL.Property | null): string {
  return String(property?.getParameter('tzid') ?? '')
}

/** The zone that a time names, as browsers know it; else as the file describes it; else that of the visitor. */
function instantOf(time: ICAL.Time, zone: string, timeZone: string): number {
  if (time.zone === ICAL.Timezone.utcTimezone) return time.toUnixTime() * 1000
  if (!time.isDate && isKnown(zone)) return fromWall(time, zone)
  if (!time.isDate && time.zone && time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000
  return fromWall(time, timeZone)
}

/** The offset before a change of the clocks decides over times that it skips, the earlier one over those that come twice. */
function fromWall({ year, month, day, hour, minute, second, isDate }: ICAL.Time, zone: string): number {
  const wall = isDate ? Date.UTC(year, month - 1, day) : Date.UTC(year, month - 1, day, hour, minute, second)
  const before = wall - offsetAt(wall - DAY_MS, zone)
  const after = wall - offsetAt(wall + DAY_MS, zone)
  return [before, after].find((at) => at + offsetAt(at, zone) === wall) ?? before
}

const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat | null>()

function isKnown(zone: string): boolean {
  return /^[A-Za-z]/.test(zone) && formatIn(zone) !== null
}

function formatIn(zone: string): Intl.DateTimeFormat | null {
  let format = formats.get(zone)
  if (format === undefined) {
    format = makeFormat(zone)
    formats.set(zone, format)
  }
  return format
}

const CLOCK = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
const DATE = { year: 'numeric', month: 'numeric', day: 'numeric' } as const

function makeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { timeZone, ...DATE, ...CLOCK })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** What a zone's clocks are ahead of UTC, in ms. */
function offsetAt(at: number, zone: string): number {
  const parts = Object.fromEntries(
    (formatIn(zone)?.formatToParts(at) ?? []).map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}
