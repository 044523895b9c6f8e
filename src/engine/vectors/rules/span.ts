import { type Case, host, intervals } from '../notation.ts'

const INSIDE = 'A slot belongs to the answer if its start lies in [start, end) of the span, wherever it ends.'
const UNCUT = 'Ranges are never cut by the span: the grid is the same whatever span is asked.'
const LAST_SECOND = 'A span’s end in 59.999 is the next full second.'
const VISITOR = 'The visitor’s zone only groups and labels.'

const DAY = '2026-03-10'
const hours = (time: string, zone = 'UTC') => [host('h1', zone, `* ${time}`)]

const visitors = [
  ['Europe/London', '2026-03-28..2026-03-30'],
  ['America/New_York', '2026-10-31..2026-11-02'],
  ['Australia/Lord_Howe', '2026-04-04..2026-04-05'],
  ['Africa/Cairo', '2025-04-24..2025-04-25'],
  ['America/Havana', '2025-11-01..2025-11-02'],
  ['Pacific/Apia', '2011-12-29..2011-12-31'],
  ['America/St_Johns', '2010-11-06..2010-11-07'],
  ['Asia/Kathmandu', '2026-03-10..2026-03-10'],
] as const

export const cases: Case[] = [
  {
    rule: INSIDE,
    title: 'A slot that ends after the span',
    span: `${DAY} 09:00-${DAY} 10:30`,
    hosts: hours('09:00-13:00'),
    hand: `${DAY} 09:00 10:00`,
  },
  {
    rule: INSIDE,
    title: 'A slot that starts at the span’s end is not of it',
    span: `${DAY} 09:00-${DAY} 11:00`,
    hosts: hours('09:00-13:00'),
    hand: `${DAY} 09:00 10:00`,
  },
  {
    rule: INSIDE,
    title: 'A slot that starts before the span is not of it',
    span: `${DAY} 09:00:01-${DAY} 11:00:01`,
    hosts: hours('09:00-13:00'),
    hand: `${DAY} 10:00 11:00`,
  },
  {
    rule: INSIDE,
    title: 'A span of one minute',
    span: `${DAY} 10:00-${DAY} 10:01`,
    hosts: hours('09:00-13:00'),
    hand: `${DAY} 10:00`,
  },
  {
    rule: INSIDE,
    title: 'A span of nothing',
    span: `${DAY} 10:00-${DAY} 10:00`,
    hosts: hours('09:00-13:00'),
    hand: 'none',
  },
  {
    rule: INSIDE,
    title: 'A slot over midnight belongs to the day it starts on',
    span: DAY,
    event: { durationMin: 120 },
    hosts: hours('23:00-24:00 00:00-01:00'),
    hand: `${DAY} 23:00`,
  },
  {
    rule: UNCUT,
    title: 'Fifty minutes, asked from ten',
    span: `${DAY} 10:00-${DAY} 13:00`,
    event: { durationMin: 50 },
    hosts: hours('09:00-13:00'),
    hand: `${DAY} 10:40 11:30`,
  },
  {
    rule: UNCUT,
    title: 'Seven minutes, asked for ten minutes',
    span: `${DAY} 10:00-${DAY} 10:10`,
    event: { durationMin: 7 },
    hosts: hours('09:01-13:00'),
    hand: `${DAY} 10:04`,
  },
  {
    rule: UNCUT,
    title: 'Ninety minutes over midnight, asked from midnight',
    span: '2026-03-11 00:00-2026-03-11 04:00',
    event: { durationMin: 90 },
    hosts: hours('21:00-24:00 00:00-04:30'),
    hand: '2026-03-11 00:00..03:00/90',
  },
  {
    rule: UNCUT,
    title: 'A hundred minutes over midnight, asked from midnight',
    span: '2026-03-11 00:00-2026-03-11 04:00',
    event: { durationMin: 100 },
    hosts: hours('21:00-24:00 00:00-04:30'),
    hand: '2026-03-11 00:20 02:00',
  },
  {
    rule: UNCUT,
    title: 'Round the clock, asked from three',
    span: `${DAY} 03:00-${DAY} 06:00`,
    event: { durationMin: 50 },
    hosts: hours('00:00-24:00'),
    hand: `${DAY} 03:20..05:50/50`,
  },
  {
    rule: UNCUT,
    title: 'The grid of a range that began two days ago goes on after its midnight',
    span: `${DAY} 03:00-${DAY} 06:00`,
    event: { durationMin: 50, offsetStartMin: 5 },
    hosts: [host('h1', 'Asia/Kathmandu', '* 00:00-24:00', { busy: intervals('2026-03-08 01:00-02:00') })],
  },
  {
    rule: UNCUT,
    title: 'The stretch that reaches the span is long only beyond it',
    span: '2026-03-10 20:00-2026-03-11 04:00',
    event: { durationMin: 50 },
    hosts: [host('h1', 'UTC', '2 10:00-24:00; 3 00:00-24:00')],
    hand: '2026-03-10 20:00..23:20/50; 2026-03-11 00:00..03:20/50',
  },
  {
    rule: LAST_SECOND,
    title: 'Until 09:59:59.999',
    span: `${DAY} 09:00-${DAY} 10:00`,
    hosts: hours('09:00-13:00'),
    hand: `${DAY} 09:00`,
  },
  {
    rule: LAST_SECOND,
    title: 'A day that ends at 23:59:59.999 has all its starts and no more',
    span: `${DAY} 00:00-${DAY} 23:59:59.999`,
    event: { durationMin: 360 },
    hosts: hours('00:00-24:00'),
    hand: `${DAY} 00:00..18:00/360`,
  },
  {
    rule: LAST_SECOND,
    title: 'Until 10:00:59.999 is until 10:01',
    span: `${DAY} 09:00-${DAY} 10:00:59.999`,
    hosts: hours('09:00-13:00'),
    hand: `${DAY} 09:00 10:00`,
  },
  {
    rule: UNCUT,
    title: 'A month at once, Casablanca in Ramadan',
    span: '2025-02-18..2025-04-10',
    event: { durationMin: 480, slotIntervalMin: 480 },
    hosts: [host('h1', 'Africa/Casablanca', '2,4 09:00-17:00')],
  },
  ...visitors.flatMap(([zone, span]): Case[] => [
    {
      rule: VISITOR,
      title: `The visitor’s clock changes in ${zone}, the host’s does not`,
      span,
      visitor: zone,
      event: { durationMin: 60, slotIntervalMin: 90 },
      hosts: [host('h1', 'Asia/Kolkata', '* 06:00-11:45')],
    },
    {
      rule: VISITOR,
      title: `One start a day, a rolling window and a daily limit for a visitor in ${zone}`,
      span,
      visitor: zone,
      event: {
        durationMin: 90,
        onlyFirstSlotPerDay: true,
        window: { type: 'rolling', days: 4, calendarDays: true },
      },
      hosts: [host('h1', 'UTC', '* 00:00-02:00 22:00-24:00')],
    },
  ]),
]
