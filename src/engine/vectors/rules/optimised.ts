import { booking, type Case, given, host, intervals } from '../notation.ts'

const UNIT =
  'Optimised slots push the first start to the next unit only when the spare minutes, length mod unit, allow it.'
const QUARTER = 'Else to the next quarter hour, strictly later than the range start.'
const FIVE = 'Else to the next five minutes, strictly later than the range start.'
const NOT = 'Else the first start is not pushed.'
const LOSSLESS = 'Never pushed beyond (length - duration) mod step, so no slot is lost.'
const LONG = 'In a stretch longer than 24 hours starts are rounded up even with optimised slots.'
const ZONE = 'The unit, the quarter and the five minutes are those of the event zone’s clock.'

const DAY = '2026-03-10'
const optimized = { optimizedSlots: true }
const hours = (time: string, zone = 'UTC') => [host('h1', zone, `* ${time}`)]

const table: [rule: string, duration: number, step: number, time: string, hand: string][] = [
  [UNIT, 60, 60, '08:45-12:00', '09:00..11:00/60'],
  [UNIT, 60, 60, '09:00-12:15', '09:00..11:00/60'],
  [UNIT, 60, 60, '08:59-12:00', '09:00..11:00/60'],
  [UNIT, 40, 40, '09:05-11:23', '09:20..10:40/40'],
  [UNIT, 30, 30, '09:10-10:30', '09:30 10:00'],
  [QUARTER, 60, 60, '09:20-12:30', '09:30..11:30/60'],
  [QUARTER, 60, 60, '09:15-12:30', '09:30..11:30/60'],
  [QUARTER, 60, 60, '09:10-12:15', '09:15..11:15/60'],
  [FIVE, 60, 60, '09:20-12:26', '09:25..11:25/60'],
  [FIVE, 60, 60, '09:15-12:22', '09:20..11:20/60'],
  [FIVE, 60, 60, '09:13-12:15', '09:15..11:15/60'],
  [FIVE, 60, 60, '09:12-12:15', '09:15..11:15/60'],
  [FIVE, 45, 45, '09:05-11:27', '09:10..10:40/45'],
  [NOT, 60, 60, '09:20-12:20', '09:20..11:20/60'],
  [NOT, 60, 60, '09:20-12:24', '09:20..11:20/60'],
  [NOT, 60, 60, '09:20-10:20', '09:20'],
  [NOT, 7, 7, '09:03-09:33', '09:03..09:24/7'],
  [LOSSLESS, 45, 60, '09:50-11:40', '09:55 10:55'],
  [LOSSLESS, 45, 60, '09:20-10:50', '09:30'],
  [LOSSLESS, 15, 60, '09:20-12:36', '09:20..12:20/60'],
  [UNIT, 90, 30, '09:07-11:02', '09:30'],
  [UNIT, 50, 25, '09:03-10:35', '09:05 09:30'],
]

export const cases: Case[] = [
  ...table.map(
    ([rule, durationMin, slotIntervalMin, time, hand]): Case => ({
      rule,
      title: `${durationMin} minutes every ${slotIntervalMin} within ${time}`,
      span: DAY,
      event: { ...optimized, durationMin, slotIntervalMin },
      hosts: hours(time),
      hand: `${DAY} ${hand}`,
    }),
  ),
  {
    rule: ZONE,
    title: 'Kolkata, 60 minutes within 09:20-12:30',
    span: DAY,
    event: optimized,
    hosts: hours('09:20-12:30', 'Asia/Kolkata'),
    hand: `${DAY} 04:00..06:00/60`,
  },
  {
    rule: ZONE,
    title: 'Kathmandu, 30 minutes within 09:10-10:20 have not enough to spare for the half hour',
    span: DAY,
    event: { ...optimized, durationMin: 30 },
    hosts: hours('09:10-10:20', 'Asia/Kathmandu'),
    hand: `${DAY} 03:30 04:00`,
  },
  {
    rule: UNIT,
    title: 'The offset comes after the push',
    span: DAY,
    event: { ...optimized, offsetStartMin: 5 },
    hosts: hours('09:20-12:26'),
    hand: `${DAY} 09:30 10:30`,
  },
  {
    rule: UNIT,
    title: 'Each range between busy times by itself',
    span: DAY,
    event: { ...optimized, durationMin: 30 },
    hosts: [host('h1', 'UTC', '* 09:00-14:00', { busy: intervals(`${DAY} 10:10-10:20; ${DAY} 11:40-11:55`) })],
    hand: `${DAY} 09:00 09:30 10:30 11:00 12:00..13:30/30`,
  },
  {
    rule: NOT,
    title: 'After a booking with buffers',
    span: DAY,
    event: { ...optimized, durationMin: 60, bufferBeforeMin: 10 },
    hosts: hours('09:00-13:10'),
    bookings: [booking('h1', `${DAY} 10:00-11:00`)],
    hand: `${DAY} 09:00 11:10 12:10`,
  },
  {
    rule: UNIT,
    title: 'Overlapping hosts: an unpushed start joins the grid before it',
    span: DAY,
    event: { ...optimized, schedulingType: 'roundRobin', durationMin: 60 },
    hosts: [host('h1', 'UTC', '* 09:00-11:00'), host('h2', 'UTC', '* 09:40-12:40')],
    hand: `${DAY} 09:00..11:00/60`,
  },
  {
    rule: LONG,
    title: 'Round the clock, 50 minutes',
    span: DAY,
    event: { ...optimized, durationMin: 50 },
    hosts: hours('00:00-24:00'),
    hand: `${DAY} 00:00..23:20/50`,
  },
  {
    rule: LONG,
    title: 'A range of 26 hours and 10 minutes from 20 past nine begins at ten, not at half past nine',
    span: '2026-03-10..2026-03-11',
    event: { ...optimized, durationMin: 60 },
    hosts: [given('h1', 'UTC', '2026-03-10 09:20-2026-03-11 11:30')],
    hand: '2026-03-10 10:00..23:00/60; 2026-03-11 00:00..10:00/60',
  },
  {
    rule: NOT,
    title: 'A range of just 24 hours from 20 past nine begins there',
    span: '2026-03-10..2026-03-11',
    event: { ...optimized, durationMin: 60 },
    hosts: [given('h1', 'UTC', '2026-03-10 09:20-2026-03-11 09:20')],
    hand: '2026-03-10 09:20..23:20/60; 2026-03-11 00:20..08:20/60',
  },
  {
    rule: ZONE,
    title: 'The repeated half hour of Lord Howe: the length is the elapsed one',
    span: '2026-04-04',
    event: { ...optimized, durationMin: 60 },
    hosts: [host('h1', 'Australia/Lord_Howe', '0 00:50-03:30')],
  },
]
