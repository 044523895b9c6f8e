/** One rule broken on purpose: in `file` the only occurrence of `search` becomes `replace`. */
export interface Mutant {
  rule: string
  file: string
  search: string
  replace: string
}

export const mutants: Mutant[] = [
  // ---- clocks and calendars
  {
    rule: 'a skipped wall time is the moment of the skip',
    file: 'zones.ts',
    search: 'return Math.max(zone.starts[period]!, wall - zone.offsets[period]!)',
    replace: 'return wall - zone.offsets[period]!',
  },
  {
    rule: 'a repeated wall time is its first occurrence',
    file: 'zones.ts',
    search: '  const period = periodOfWall(zone, wall)\n',
    replace: `  let period = periodOfWall(zone, wall)
  while (period + 1 < zone.starts.length && wall - zone.offsets[period + 1]! >= zone.starts[period + 1]!) period += 1
`,
  },
  {
    rule: 'wall times are read with the offset in force then',
    file: 'hours.ts',
    search: 'if (steady) push(',
    replace: 'if (true) push(',
  },
  {
    rule: 'a day begins at its first midnight, not 24 hours after the last',
    file: 'calendar.ts',
    search: '  return startOfDay(zone, date)\n}\n\n/** First date of the period',
    replace: '  return Math.max(startOfDay(zone, date - 1) + 1440, instant + 1)\n}\n\n/** First date of the period',
  },
  {
    rule: 'weeks begin on Sunday',
    file: 'calendar.ts',
    search: "if (unit === 'week') return date - weekdayOf(date)",
    replace: "if (unit === 'week') return date - ((weekdayOf(date) + 6) % 7)",
  },
  {
    rule: 'business days are Monday to Friday',
    file: 'calendar.ts',
    search: 'return weekday !== SUNDAY && weekday !== SATURDAY',
    replace: 'return weekday !== SUNDAY',
  },
  // ---- hours
  {
    rule: 'touching hours of one host join',
    file: 'intervals.ts',
    search: 'if (out > 0 && start <= data[out - 1]!)',
    replace: 'if (out > 0 && start < data[out - 1]!)',
  },
  {
    rule: '23:59 is not the end of the day',
    file: 'scenario.ts',
    search: 'if (minute <= MINUTES_PER_DAY) return minute',
    replace: 'if (minute <= MINUTES_PER_DAY) return minute === 1439 ? 1440 : minute',
  },
  {
    rule: 'an override replaces the weekly hours',
    file: 'hours.ts',
    search: 'const hours = override === undefined ? weeklyOn(schedule, date) : override.hours',
    replace: 'const hours = joinHours([...weeklyOn(schedule, date), ...(override?.hours ?? [])])',
  },
  {
    rule: 'several overrides of one date add up',
    file: 'hours.ts',
    search: 'const entry = all.get(date) ?? { hours: [], deliberate: [] }',
    replace: 'const entry: { hours: number[]; deliberate: number[] } = { hours: [], deliberate: [] }',
  },
  {
    rule: 'a day away removes what an override opens',
    file: 'hours.ts',
    search: 'const deliberate = override?.deliberate ?? NO_HOURS',
    replace: 'const deliberate = override?.hours ?? NO_HOURS',
  },
  {
    rule: 'the last day away is included',
    file: 'hours.ts',
    search:
      'if (absence.from > date || date > absence.to) continue\n    const from = date === absence.from ? absence.startMinute : 0\n    const to = date === absence.to ? absence.endMinute : MINUTES_PER_DAY\n    left',
    replace:
      'if (absence.from > date || date >= absence.to) continue\n    const from = date === absence.from ? absence.startMinute : 0\n    const to = date === absence.to ? absence.endMinute : MINUTES_PER_DAY\n    left',
  },
  {
    rule: 'the first layer that holds decides',
    file: 'hours.ts',
    search: 'for (const layer of schedule.layers) {',
    replace: 'for (const layer of schedule.layers.toReversed()) {',
  },
  {
    rule: 'the seventh is in the first week of its month',
    file: 'hours.ts',
    search: 'Math.ceil(day / 7)',
    replace: 'Math.floor(day / 7) + 1',
  },
  {
    rule: 'the last week of a month is its last seven days',
    file: 'hours.ts',
    search: 'fieldsOf(date + 7).month !== month',
    replace: 'day > 21',
  },
  {
    rule: 'hours of a trip are read in its zone',
    file: 'hours.ts',
    search: 'date <= trip.to) return trip.zone',
    replace: 'date <= trip.to) return schedule.zone',
  },
  {
    rule: 'the last day of a trip is included',
    file: 'hours.ts',
    search: 'trip.from <= date && date <= trip.to',
    replace: 'trip.from <= date && date < trip.to',
  },
  {
    rule: 'the first matching trip wins',
    file: 'hours.ts',
    search: 'for (const trip of schedule.trips) if',
    replace: 'for (const trip of schedule.trips.toReversed()) if',
  },
  {
    rule: 'given ranges shrink to whole minutes',
    file: 'hours.ts',
    search: 'Math.max(Math.ceil(start / 60_000), 0)',
    replace: 'Math.max(Math.floor(start / 60_000), 0)',
  },
  // ---- busy time
  {
    rule: 'a part of a minute is the whole minute',
    file: 'busy.ts',
    search: 'Math.min(Math.ceil(time / MINUTE), LAST_MINUTE)',
    replace: 'Math.min(Math.floor(time / MINUTE), LAST_MINUTE)',
  },
  {
    rule: 'an external interval gets the after-buffer before and the before-buffer after it',
    file: 'busy.ts',
    search: 'push(list, minuteBefore(start) - offer.bufferAfter, minuteAfter(end) + offer.bufferBefore)',
    replace: 'push(list, minuteBefore(start) - offer.bufferBefore, minuteAfter(end) + offer.bufferAfter)',
  },
  {
    rule: 'buffers of both sides add, they do not overlap',
    file: 'busy.ts',
    search: 'before: (booking.bufferBeforeMinutes ?? 0) + offer.bufferAfter',
    replace: 'before: Math.max(booking.bufferBeforeMinutes ?? 0, offer.bufferAfter)',
  },
  {
    rule: 'empty intervals block nothing',
    file: 'busy.ts',
    search: '} else if (start < end) {',
    replace: '} else if (start <= end) {',
  },
  {
    rule: 'only accepted bookings block and count',
    file: 'busy.ts',
    search: "return booking.status === undefined || booking.status === 'accepted'",
    replace: "return booking.status !== 'cancelled'",
  },
  {
    rule: 'all hosts of a booking are blocked',
    file: 'busy.ts',
    search: 'if (also !== undefined) hosts.push(also)',
    replace: 'if (also === -1) hosts.push(also)',
  },
  {
    rule: 'a hold lasts until releaseAt, exclusive',
    file: 'busy.ts',
    search: 'hold.releaseAt <= facts.now',
    replace: 'hold.releaseAt < facts.now',
  },
  {
    rule: 'a hold takes its own host only',
    file: 'busy.ts',
    search: 'block(lists, offer.hostIndex.get(hold.host),',
    replace: 'for (const host of offer.hosts.keys()) block(lists, host,',
  },
  {
    rule: 'a hold has no buffers',
    file: 'busy.ts',
    search: 'minuteBefore(hold.start), minuteAfter(hold.end)',
    replace: 'minuteBefore(hold.start) - offer.bufferAfter, minuteAfter(hold.end) + offer.bufferBefore',
  },
  // ---- seats
  {
    rule: 'a full slot is an ordinary booking',
    file: 'busy.ts',
    search: 'booking.seatsTaken < offer.seats',
    replace: 'booking.seatsTaken <= offer.seats',
  },
  {
    rule: 'seats count for their own event only',
    file: 'busy.ts',
    search: '    booking.sameEvent &&\n    booking.seatsTaken !== undefined',
    replace: '    booking.seatsTaken !== undefined',
  },
  {
    rule: 'the buffers of a partly filled slot block',
    file: 'busy.ts',
    search: 'block(lists, host, start - margins.before, start)',
    replace: 'block(lists, host, start, start)',
  },
  {
    rule: 'starts that overlap a partly filled slot go',
    file: 'seats.ts',
    search: 'if (reach <= start) starts.data',
    replace: 'starts.data',
  },
  {
    rule: 'a partly filled slot is offered off the grid',
    file: 'seats.ts',
    search: 'addStart(starts, start)',
    replace: 'void addStart',
  },
  {
    rule: 'a partly filled slot needs a range that holds it',
    file: 'seats.ts',
    search: 'if (holds(free, start, start + offer.duration)) addStart',
    replace: 'if (holds(free, start, start)) addStart',
  },
  {
    rule: 'a seat of what is begun is no further booking',
    file: 'slots.ts',
    search: 'const open = limits === NO_LIMITS ? free',
    replace: 'const open = limits !== undefined ? free',
  },
  // ---- limits
  {
    rule: 'a period is full at the limit, not beyond it',
    file: 'limits.ts',
    search: '() => 1, most,',
    replace: '() => 1, most + 1,',
  },
  {
    rule: 'minutes may equal the limit',
    file: 'limits.ts',
    search: 'room + 1, label',
    replace: 'room, label',
  },
  {
    rule: 'minutes of a year count over all hosts',
    file: 'limits.ts',
    search: 'minutes: yearOnly(minutes) }',
    replace: 'minutes: undefined }',
  },
  {
    rule: 'minutes count for the host of the booking only',
    file: 'limits.ts',
    search: 'byHost(offer, own, false)',
    replace: 'byHost(offer, own, true)',
  },
  {
    rule: 'only bookings of the event count',
    file: 'limits.ts',
    search: 'facts.counted.filter((booking) => booking.sameEvent)',
    replace: 'facts.counted.filter(() => true)',
  },
  {
    rule: 'a booking belongs to the period of its local start day',
    file: 'limits.ts',
    search: 'const date = dateAt(zone, booking.start)',
    replace: 'const date = Math.floor(booking.start / 1440)',
  },
  {
    rule: 'a slot longer than the limit is never offered',
    file: 'limits.ts',
    search: 'if (room < 0) found.push(',
    replace: 'if (room < -1e9) found.push(',
  },
  {
    rule: 'a limit of none closes every period',
    file: 'limits.ts',
    search: 'if (most === 0) found.push(',
    replace: 'if (most === -1) found.push(',
  },
  // ---- team
  {
    rule: 'a collective needs all its hosts',
    file: 'offer.ts',
    search: "if (input.scheduling !== 'roundRobin' || host.fixed === true) fixed.push(index)",
    replace: 'if (host.fixed === true) fixed.push(index)',
  },
  {
    rule: 'fixed counts only in a round robin',
    file: 'offer.ts',
    search: "const pool = input.scheduling === 'roundRobin' ? needed.filter((host) => host.fixed !== true) : []",
    replace: 'const pool = needed.filter((host) => host.fixed !== true)',
  },
  {
    rule: 'each group gives a host',
    file: 'offer.ts',
    search: "const group = host.group ?? ''",
    replace: "const group = ''",
  },
  {
    rule: 'fixed hosts without a common time mean no slot',
    file: 'aggregate.ts',
    search: '(offer, facts, limits, from, to)\n    if (!meet(ofGroup)) return NOTHING\n  }\n  for',
    replace: '(offer, facts, limits, from, to)\n    if (!meet(ofGroup)) shared = undefined\n  }\n  for',
  },
  {
    rule: 'ranges of different hosts are never joined',
    file: 'aggregate.ts',
    search: 'if (group.need === 1) keepMaximalOf(ofGroup)',
    replace: `if (group.need === 1) {
    keepMaximalOf(ofGroup)
    let n = 2
    for (let i = 2; i < ofGroup.length; i += 2) {
      if (ofGroup.data[i]! <= ofGroup.data[n - 1]!) ofGroup.data[n - 1] = ofGroup.data[i + 1]!
      else {
        ofGroup.data[n++] = ofGroup.data[i]!
        ofGroup.data[n++] = ofGroup.data[i + 1]!
      }
    }
    if (ofGroup.length > 0) ofGroup.length = n
  }`,
  },
  {
    rule: 'ranges inside another are dropped',
    file: 'aggregate.ts',
    search: 'if (group.need === 1) keepMaximalOf(ofGroup)',
    replace: 'if (group.need === 1) sortList(ofGroup)',
  },
  {
    rule: 'the lead host is the first round-robin host',
    file: 'offer.ts',
    search: 'const lead = pool[0] ?? needed[0]',
    replace: 'const lead = needed[0]',
  },
  {
    rule: 'the event’s own zone goes first',
    file: 'offer.ts',
    search: 'if (input.timeZone !== undefined) return',
    replace: 'if (input.hosts.length === 0 && input.timeZone !== undefined) return',
  },
  {
    rule: 'the profile zone plays no part',
    file: 'offer.ts',
    search: 'return zoneOf(lead.timeZone,',
    replace: 'return zoneOf(lead.profileTimeZone ?? lead.timeZone,',
  },
  // ---- grid
  {
    rule: 'twenty minutes are a rounding unit',
    file: 'offer.ts',
    search: '[60, 30, 20, 15, 10, 5]',
    replace: '[60, 30, 15, 10, 5]',
  },
  {
    rule: 'starts are rounded on the clock of the event zone',
    file: 'grid.ts',
    search: 'const over = (start + offsetAt(zone, start)) % unit',
    replace: 'const over = start % unit',
  },
  {
    rule: 'the offset is added once, not at every step',
    file: 'grid.ts',
    search: 'lay(t + rules.offset, start, end - rules.duration, base, rules.step, out)',
    replace: 'lay(t + rules.offset, start, end - rules.duration, base, rules.step + rules.offset, out)',
  },
  {
    rule: 'a slot ends within its range',
    file: 'grid.ts',
    search: 'lay(t + rules.offset, start, end - rules.duration, base',
    replace: 'lay(t + rules.offset, start, end - rules.duration + 1, base',
  },
  {
    rule: 'overlapping ranges share a grid',
    file: 'grid.ts',
    search: 'if (p < t && t < p + step) from =',
    replace: 'if (p < t && t < p) from =',
  },
  {
    rule: 'joining bridges gaps shorter than the unused rest of a step',
    file: 'grid.ts',
    search: 'const reach = rules.step - duration',
    replace: 'const reach = 0',
  },
  {
    rule: 'ranges too short for a slot are left out first',
    file: 'grid.ts',
    search: '      if (data[i + 1]! - data[i]! < duration) continue\n      if (data[i]! >= end',
    replace: '      if (data[i]! >= end',
  },
  {
    rule: 'a stretch longer than 24 hours is cut at midnights',
    file: 'grid.ts',
    search: 'if (end - data[first]! <= MINUTES_PER_DAY) layStretch',
    replace: 'if (end > 0) layStretch',
  },
  {
    rule: 'a stretch of just 24 hours is not cut',
    file: 'grid.ts',
    search: 'if (end - data[first]! <= MINUTES_PER_DAY) layStretch',
    replace: 'if (end - data[first]! < MINUTES_PER_DAY) layStretch',
  },
  {
    rule: 'a slot may cross the midnight that cuts a long stretch',
    file: 'grid.ts',
    search: 'Math.min(rangeEnd - rules.duration, midnight - 1)',
    replace: 'Math.min(rangeEnd, midnight) - rules.duration',
  },
  {
    rule: 'joining does not look back over that midnight',
    file: 'grid.ts',
    search: 'const midnight = nextMidnight(rules.zone, from)\n    const base = out.length',
    replace: 'const midnight = nextMidnight(rules.zone, from)\n    const base = 0',
  },
  {
    rule: 'a long stretch is rounded up even with optimised slots',
    file: 'grid.ts',
    search: 'lay(roundedStart(start, rules) + rules.offset, start, lastStart',
    replace:
      'lay((rules.optimized ? optimizedStart(start, rangeEnd, rules) : roundedStart(start, rules)) + rules.offset, start, lastStart',
  },
  {
    rule: 'optimised slots are pushed only within the spare minutes',
    file: 'grid.ts',
    search: 'if (push <= spare) return start + push',
    replace: 'if (push <= spare + 1) return start + push',
  },
  {
    rule: 'optimised slots are never pushed so far that one is lost',
    file: 'grid.ts',
    search: 'const spare = Math.min(length % unit, (length - duration) % step)',
    replace: 'const spare = length % unit',
  },
  {
    rule: 'the next quarter hour is strictly later',
    file: 'grid.ts',
    search: 'const push = target - (minute % target)',
    replace: 'const push = (target - (minute % target)) % target',
  },
  // ---- notice, windows, span
  {
    rule: 'a second past a start is past it',
    file: 'window.ts',
    search: 'Math.ceil(now / 60_000) + offer.notice',
    replace: 'Math.floor(now / 60_000) + offer.notice',
  },
  {
    rule: 'a start at exactly now plus the notice is offered',
    file: 'window.ts',
    search: 'Math.ceil(now / 60_000) + offer.notice',
    replace: 'Math.ceil(now / 60_000) + offer.notice + 1',
  },
  {
    rule: 'the last day of a fixed window is included',
    file: 'window.ts',
    search: 'startOfDay(zone, window.last + 1)',
    replace: 'startOfDay(zone, window.last)',
  },
  {
    rule: 'a rolling window includes day N',
    file: 'window.ts',
    search: '? today + window.days\n',
    replace: '? today + window.days - 1\n',
  },
  {
    rule: 'today is the day of the event zone',
    file: 'window.ts',
    search: 'const today = dateAt(zone, Math.floor(now / 60_000))\n  const last =',
    replace: 'const today = Math.floor(now / 86_400_000)\n  const last =',
  },
  {
    rule: 'a window of business days counts Mondays to Fridays',
    file: 'window.ts',
    search: ': addBusinessDays(today, window.days)',
    replace: ': today + window.days',
  },
  {
    rule: '61 days are looked at',
    file: 'window.ts',
    search: 'DAYS_LOOKED_AT = 61',
    replace: 'DAYS_LOOKED_AT = 60',
  },
  {
    rule: 'bookable business days skip the weekend',
    file: 'window.ts',
    search: 'window.calendarDays || date === today || isBusinessDay(date)',
    replace: 'window.calendarDays || date >= today',
  },
  {
    rule: 'today counts as a bookable day even on a weekend',
    file: 'window.ts',
    search: 'window.calendarDays || date === today || isBusinessDay(date)',
    replace: 'window.calendarDays || isBusinessDay(date)',
  },
  {
    rule: 'a window of no bookable days is today only',
    file: 'window.ts',
    search: 'if (window.days === 0) return today',
    replace: 'if (window.days === -1) return today',
  },
  {
    rule: 'ranges are worked out beyond the span',
    file: 'slots.ts',
    search: 'return 2 * MINUTES_PER_DAY +',
    replace: 'return 0 * MINUTES_PER_DAY +',
  },
  {
    rule: 'the first start of a day is taken before the span is applied',
    file: 'slots.ts',
    search: 'return offer.onlyFirst ? startOfDay(offer.zone, dateAt(offer.zone, from) - 1) : from',
    replace: 'return from',
  },
  {
    rule: 'the first start of a day is the event zone’s day’s',
    file: 'slots.ts',
    search: '    const date = dateAt(zone, start)\n    // A clock',
    replace: '    const date = dateAt(zone, start - 300)\n    // A clock',
  },
]
