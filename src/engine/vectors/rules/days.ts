import { type Case, hold, host, intervals, overrides } from '../notation.ts'

const FIRST = 'Only the first start of each event-zone day is kept.'
const LEFT = 'The first start is taken among those left by notice, holds and window.'
const BEFORE_SPAN = 'The first start of a day is taken before the span is applied.'
const AWAY = 'Out of office removes the host’s local days, both ends included, whatever opens them.'
const DATE_HOURS = 'A local day is its date’s hours: they go, and no slot runs into them.'
const TRAVEL = 'On the dates of a trip the wall times are read in the travel zone.'
const FIRST_TRIP = 'The first matching trip wins, and a trip without an end goes on.'
const HOME = 'The event zone is the lead host’s zone at home, whatever his travel.'
const AWAY_TRAVEL = 'A day away during a trip is removed as read in the travel zone.'

const DAY = '2026-03-10'
const first = { onlyFirstSlotPerDay: true }

export const cases: Case[] = [
  {
    rule: FIRST,
    title: 'Three days',
    span: '2026-03-10..2026-03-12',
    event: first,
    hosts: [host('h1', 'UTC', '* 09:00-12:00')],
    hand: '2026-03-10 09:00; 2026-03-11 09:00; 2026-03-12 09:00',
  },
  {
    rule: FIRST,
    title: 'The day is the event zone’s: one start per day in Auckland',
    span: '2026-03-10..2026-03-11',
    event: first,
    hosts: [host('h1', 'Pacific/Auckland', '* 00:00-24:00')],
    hand: '2026-03-10 11:00; 2026-03-11 11:00',
  },
  {
    rule: FIRST,
    title: 'The visitor’s days do not count',
    span: '2026-03-10..2026-03-11',
    visitor: 'Pacific/Auckland',
    event: first,
    hosts: [host('h1', 'UTC', '* 09:00-20:00')],
    hand: '2026-03-10 09:00; 2026-03-11 09:00',
  },
  {
    rule: FIRST,
    title: 'The event’s own zone goes before the host’s',
    span: '2026-03-10..2026-03-11',
    event: { ...first, timeZone: 'America/New_York', durationMin: 120 },
    hosts: [host('h1', 'UTC', '* 00:00-08:00')],
    hand: '2026-03-10 04:00; 2026-03-11 04:00',
  },
  {
    rule: FIRST,
    title: 'A day of two hosts',
    span: '2026-03-10..2026-03-11',
    event: { ...first, schedulingType: 'roundRobin' },
    hosts: [host('h1', 'UTC', '2 14:00-16:00; 3 09:00-10:00'), host('h2', 'Asia/Kolkata', '* 15:30-17:30')],
    hand: '2026-03-10 10:00; 2026-03-11 09:00',
  },
  {
    rule: FIRST,
    title: 'The repeated hour is on one day in New York',
    span: '2026-11-01..2026-11-02',
    event: first,
    hosts: [host('h1', 'America/New_York', '* 01:00-03:00')],
    hand: '2026-11-01 05:00; 2026-11-02 06:00',
  },
  {
    rule: FIRST,
    title: 'The last hour of Saturday twice in São Paulo is one day',
    span: '2018-02-17..2018-02-18',
    event: first,
    hosts: [host('h1', 'America/Sao_Paulo', '6 23:00-24:00; 0 00:00-02:00')],
    hand: '2018-02-18 01:00 03:00',
  },
  {
    rule: FIRST,
    title: 'Friday without midnight in Cairo begins at one',
    span: '2025-04-24..2025-04-25',
    event: first,
    hosts: [host('h1', 'Africa/Cairo', '* 00:00-24:00')],
    hand: '2025-04-24 22:00; 2025-04-25 21:00',
  },
  {
    rule: FIRST,
    title: 'Samoa’s missing day has no first start',
    span: '2011-12-29..2011-12-31',
    event: { ...first, durationMin: 120 },
    hosts: [host('h1', 'Pacific/Apia', '* 00:00-24:00')],
    hand: '2011-12-29 10:00; 2011-12-30 10:00; 2011-12-31 10:00',
  },
  {
    rule: LEFT,
    title: 'Now is noon: the first start after it',
    span: '2026-03-10..2026-03-11',
    now: '2026-03-10 12:00',
    event: first,
    hosts: [host('h1', 'UTC', '* 09:00-18:00')],
    hand: '2026-03-10 12:00; 2026-03-11 09:00',
  },
  {
    rule: LEFT,
    title: 'The notice ends on the second day',
    span: '2026-03-10..2026-03-12',
    now: '2026-03-10 12:00',
    event: { ...first, minNoticeMin: 25 * 60 },
    hosts: [host('h1', 'UTC', '* 09:00-18:00')],
    hand: '2026-03-11 13:00; 2026-03-12 09:00',
  },
  {
    rule: LEFT,
    title: 'The first start is held and the second busy',
    span: DAY,
    event: first,
    hosts: [host('h1', 'UTC', '* 09:00-18:00', { busy: intervals(`${DAY} 10:30-10:40`) })],
    reserved: [hold('h1', `${DAY} 09:00-10:00`, '2026-03-08 00:00')],
    hand: `${DAY} 11:00`,
  },
  {
    rule: LEFT,
    title: 'The window ends within the event zone’s day of the host’s night',
    span: '2026-03-10..2026-03-12',
    event: { ...first, window: { type: 'fixed', startDate: '2026-03-11', endDate: '2026-03-11' } },
    hosts: [host('h1', 'America/Los_Angeles', '* 20:00-24:00')],
    hand: '2026-03-12 03:00',
  },
  {
    rule: BEFORE_SPAN,
    title: 'A span that begins at ten finds no first start of the day',
    span: '2026-03-10 10:00-2026-03-11 10:00',
    event: first,
    hosts: [host('h1', 'UTC', '* 09:00-12:00')],
    hand: '2026-03-11 09:00',
  },
  {
    rule: BEFORE_SPAN,
    title: 'A span of UTC days and a host whose day began before',
    span: DAY,
    event: first,
    hosts: [host('h1', 'Asia/Tokyo', '* 08:00-18:00')],
    hand: '2026-03-10 23:00',
  },
  {
    rule: AWAY,
    title: 'Two days away',
    span: '2026-03-09..2026-03-12',
    event: { durationMin: 180 },
    hosts: [host('h1', 'UTC', '* 09:00-12:00', { ooo: [{ start: '2026-03-10', end: '2026-03-11' }] })],
    hand: '2026-03-09 09:00; 2026-03-12 09:00',
  },
  {
    rule: AWAY,
    title: 'A day away in Auckland is that local day',
    span: '2026-03-09..2026-03-11',
    event: { durationMin: 240 },
    hosts: [host('h1', 'Pacific/Auckland', '* 00:00-24:00', { ooo: [{ start: DAY, end: DAY }] })],
    hand: '2026-03-09 03:00 07:00; 2026-03-10 11:00..23:00/240; 2026-03-11 03:00 07:00 11:00..23:00/240',
  },
  {
    rule: AWAY,
    title: 'A day away in Los Angeles ends on the next UTC day',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 120 },
    hosts: [host('h1', 'America/Los_Angeles', '* 16:00-20:00', { ooo: [{ start: DAY, end: DAY }] })],
    hand: '2026-03-10 01:00; 2026-03-11 23:00',
  },
  {
    rule: AWAY,
    title: 'An override does not open a day away',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 120 },
    hosts: [
      host('h1', 'UTC', '* 09:00-11:00', {
        ooo: [{ start: DAY, end: DAY }],
        overrides: overrides(`${DAY} 14:00-16:00`),
      }),
    ],
    hand: '2026-03-11 09:00',
  },
  {
    rule: AWAY,
    title: 'Days away that overlap, one of them a weekend without hours',
    span: '2026-03-12..2026-03-18',
    event: { durationMin: 180 },
    hosts: [
      host('h1', 'UTC', '1-5 09:00-12:00', {
        ooo: [
          { start: '2026-03-13', end: '2026-03-15' },
          { start: '2026-03-14', end: '2026-03-16' },
        ],
      }),
    ],
    hand: '2026-03-12 09:00; 2026-03-17 09:00; 2026-03-18 09:00',
  },
  {
    rule: AWAY,
    title: 'In a round robin the other host goes on',
    span: '2026-03-10..2026-03-11',
    event: { schedulingType: 'roundRobin', durationMin: 120 },
    hosts: [
      host('h1', 'UTC', '* 09:00-11:00', { ooo: [{ start: DAY, end: DAY }] }),
      host('h2', 'UTC', '* 13:00-15:00'),
    ],
    hand: '2026-03-10 13:00; 2026-03-11 09:00 13:00',
  },
  {
    rule: DATE_HOURS,
    title: 'A night worker away on the second date loses both of its parts',
    span: '2026-03-10..2026-03-12',
    event: { durationMin: 60 },
    hosts: [host('h1', 'UTC', '* 22:30-24:00 00:00-01:30', { ooo: [{ start: '2026-03-11', end: '2026-03-11' }] })],
    hand: '2026-03-10 00:00 23:00; 2026-03-12 00:00 23:00',
  },
  {
    rule: DATE_HOURS,
    title: 'Away on the day of 23 hours in London',
    span: '2026-03-28..2026-03-30',
    event: { durationMin: 240 },
    hosts: [host('h1', 'Europe/London', '* 00:00-24:00', { ooo: [{ start: '2026-03-29', end: '2026-03-29' }] })],
  },
  {
    rule: DATE_HOURS,
    title: 'Away on the day without midnight in Beirut',
    span: '2025-03-29..2025-03-30',
    event: { durationMin: 180 },
    hosts: [host('h1', 'Asia/Beirut', '* 00:00-24:00', { ooo: [{ start: '2025-03-30', end: '2025-03-30' }] })],
  },
  {
    rule: DATE_HOURS,
    title: 'Away on the day that Samoa left out',
    span: '2011-12-29..2011-12-31',
    event: { durationMin: 240 },
    hosts: [host('h1', 'Pacific/Apia', '* 09:00-17:00', { ooo: [{ start: '2011-12-30', end: '2011-12-30' }] })],
    hand: '2011-12-29 19:00 23:00; 2011-12-30 19:00 23:00; 2011-12-31 19:00 23:00',
  },
  {
    rule: TRAVEL,
    title: 'From Kolkata to New York for a day',
    span: '2026-03-09..2026-03-11',
    event: { durationMin: 30 },
    hosts: [
      host('h1', 'Asia/Kolkata', '* 09:00-10:00', {
        travel: [{ from: DAY, to: DAY, timeZone: 'America/New_York' }],
      }),
    ],
    hand: '2026-03-09 03:30 04:00; 2026-03-10 13:00 13:30; 2026-03-11 03:30 04:00',
  },
  {
    rule: HOME,
    title: 'Hours in London are rounded in Kolkata',
    span: DAY,
    hosts: [
      host('h1', 'Asia/Kolkata', '* 09:00-12:00', {
        travel: [{ from: '2026-03-01', to: '2026-03-31', timeZone: 'Europe/London' }],
      }),
    ],
    hand: `${DAY} 09:30 10:30`,
  },
  {
    rule: HOME,
    title: 'The rolling window ends with the day at home',
    span: '2026-03-10..2026-03-12',
    now: '2026-03-10 12:00',
    event: { durationMin: 120, window: { type: 'rolling', days: 1, calendarDays: true } },
    hosts: [
      host('h1', 'Asia/Tokyo', '* 08:00-16:00', {
        travel: [{ from: '2026-03-01', timeZone: 'America/Los_Angeles' }],
      }),
    ],
    hand: '2026-03-10 15:00..21:00/120',
  },
  {
    rule: FIRST_TRIP,
    title: 'Two trips overlap',
    span: '2026-03-09..2026-03-13',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'UTC', '* 09:00-10:00', {
        travel: [
          { from: '2026-03-11', to: '2026-03-12', timeZone: 'Asia/Tokyo' },
          { from: '2026-03-10', to: '2026-03-12', timeZone: 'America/New_York' },
        ],
      }),
    ],
    hand: '2026-03-09 09:00; 2026-03-10 13:00; 2026-03-11 00:00; 2026-03-12 00:00; 2026-03-13 09:00',
  },
  {
    rule: FIRST_TRIP,
    title: 'A trip without an end',
    span: '2026-03-09..2026-03-11',
    event: { durationMin: 60 },
    hosts: [host('h1', 'UTC', '* 09:00-11:00', { travel: [{ from: DAY, timeZone: 'Asia/Kathmandu' }] })],
    hand: '2026-03-09 09:00 10:00; 2026-03-10 04:00; 2026-03-11 04:00',
  },
  {
    rule: TRAVEL,
    title: 'An override is read in the travel zone',
    span: '2026-03-09..2026-03-11',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'UTC', '* 09:00-10:00', {
        travel: [{ from: DAY, to: '2026-03-11', timeZone: 'Asia/Tokyo' }],
        overrides: overrides(`${DAY} 12:00-14:00`),
      }),
    ],
    hand: '2026-03-09 09:00; 2026-03-10 03:00 04:00; 2026-03-11 00:00',
  },
  {
    rule: TRAVEL,
    title: 'A trip into the skipped hour of London',
    span: '2026-03-28..2026-03-30',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'UTC', '* 01:30-04:00', {
        travel: [{ from: '2026-03-29', to: '2026-03-29', timeZone: 'Europe/London' }],
      }),
    ],
    hand: '2026-03-28 02:00 03:00; 2026-03-29 01:00 02:00; 2026-03-30 02:00 03:00',
  },
  {
    rule: TRAVEL,
    title: 'Flying west makes a long day: hours before and after the flight join',
    span: '2026-03-09..2026-03-11',
    event: { durationMin: 240 },
    hosts: [
      host('h1', 'Pacific/Auckland', '* 08:00-24:00', {
        travel: [{ from: DAY, to: DAY, timeZone: 'Pacific/Honolulu' }],
      }),
    ],
  },
  {
    rule: AWAY_TRAVEL,
    title: 'A day away in the middle of a trip to Los Angeles',
    span: '2026-03-10..2026-03-13',
    event: { durationMin: 120 },
    hosts: [
      host('h1', 'UTC', '* 16:00-20:00', {
        travel: [{ from: DAY, to: '2026-03-12', timeZone: 'America/Los_Angeles' }],
        ooo: [{ start: '2026-03-11', end: '2026-03-11' }],
      }),
    ],
    hand: '2026-03-10 23:00; 2026-03-11 01:00; 2026-03-12 23:00; 2026-03-13 01:00 16:00 18:00',
  },
  {
    rule: AWAY_TRAVEL,
    title: 'The day after the trip is away at home',
    span: '2026-03-10..2026-03-12',
    event: { durationMin: 120 },
    hosts: [
      host('h1', 'Asia/Tokyo', '* 20:00-24:00', {
        travel: [{ from: DAY, to: DAY, timeZone: 'America/New_York' }],
        ooo: [{ start: '2026-03-11', end: '2026-03-11' }],
      }),
    ],
  },
]
