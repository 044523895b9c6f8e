import { type Case, given, host, overrides, weekly } from '../notation.ts'

const OVERNIGHT = 'Touching ranges of one host become one, also over midnight, so a slot may cross midnight.'
const JOINED = 'Touching or overlapping ranges of one host become one, whatever the order of the entries.'
const BACKWARDS = 'An entry whose end is not after its start is ignored.'
const PLAIN_2359 = '23:59 is 23:59, not the end of the day.'
const REPLACES = 'An override replaces all weekly hours of its host-local date and touches no other date.'
const ADDS = 'Several overrides on one date add up, and off adds nothing.'
const OFF = 'A zero-length override means off.'
const JOINS = 'An override joins the weekly hours it touches on the neighbouring dates.'
const GIVEN = 'Given ranges shrink to whole minutes.'
const WEEKDAY = 'Days count from Sunday = 0 and are days of the host’s zone.'
const LAYER = 'The first layer that holds on a host-local date replaces the weekly hours of that date.'
const BLOCKS = 'Every n-th week is counted in blocks of seven days from the anchor, in both directions.'
const OF_MONTH = 'Weeks of a month are counted by weekday: 1 is days 1 to 7, -1 its last seven days.'

export const cases: Case[] = [
  {
    rule: OVERNIGHT,
    title: 'Two entries make one night',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 60 },
    hosts: [host('h1', 'UTC', '2 22:30-24:00; 3 00:00-02:30')],
    hand: '2026-03-10 23:00; 2026-03-11 00:00 01:00',
  },
  {
    rule: OVERNIGHT,
    title: 'A slot crosses midnight, 90 minutes',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 90 },
    hosts: [host('h1', 'UTC', '2 22:00-24:00; 3 00:00-02:00')],
    hand: '2026-03-10 22:00 23:30',
  },
  {
    rule: OVERNIGHT,
    title: 'A minute between the entries separates them',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 60 },
    hosts: [host('h1', 'UTC', '2 22:00-23:59; 3 00:00-02:00')],
    hand: '2026-03-10 22:00; 2026-03-11 00:00 01:00',
  },
  {
    rule: OVERNIGHT,
    title: 'Overnight over the skipped hour in London',
    span: '2026-03-28 12:00-2026-03-29 12:00',
    event: { durationMin: 120 },
    hosts: [host('h1', 'Europe/London', '6 22:00-24:00; 0 00:00-05:00')],
    hand: '2026-03-28 22:00; 2026-03-29 00:00 02:00',
  },
  {
    rule: OVERNIGHT,
    title: 'Overnight over the repeated hour in London',
    span: '2026-10-24 12:00-2026-10-25 12:00',
    event: { durationMin: 120 },
    hosts: [host('h1', 'Europe/London', '6 23:00-24:00; 0 00:00-04:00')],
    hand: '2026-10-24 22:00; 2026-10-25 00:00 02:00',
  },
  {
    rule: PLAIN_2359,
    title: 'The last hour does not fit before 23:59',
    span: '2026-03-10',
    hosts: [host('h1', 'UTC', '2 21:00-23:59')],
    hand: '2026-03-10 21:00 22:00',
  },
  {
    rule: PLAIN_2359,
    title: 'The last hour fits before 24:00',
    span: '2026-03-10',
    hosts: [host('h1', 'UTC', '2 21:00-24:00')],
    hand: '2026-03-10 21:00..23:00/60',
  },
  {
    rule: BACKWARDS,
    title: 'From 22:00 to 02:00 on one day is nothing',
    span: '2026-03-10..2026-03-11',
    hosts: [host('h1', 'UTC', '2 22:00-02:00; 3 09:00-10:00')],
    hand: '2026-03-11 09:00',
  },
  {
    rule: BACKWARDS,
    title: 'From 09:00 to 09:00 is nothing',
    span: '2026-03-10',
    hosts: [host('h1', 'UTC', '2 09:00-09:00 11:00-12:00')],
    hand: '2026-03-10 11:00',
  },
  {
    rule: JOINED,
    title: 'Overlapping entries, later one written first',
    span: '2026-03-10',
    event: { durationMin: 90 },
    hosts: [host('h1', 'UTC', '2 10:00-13:00 09:00-11:00')],
    hand: '2026-03-10 09:00 10:30',
  },
  {
    rule: JOINED,
    title: 'Touching entries, three of them, shuffled',
    span: '2026-03-10',
    event: { durationMin: 120 },
    hosts: [host('h1', 'UTC', '2 12:00-13:00 09:00-10:00 10:00-12:00')],
    hand: '2026-03-10 09:00 11:00',
  },
  {
    rule: JOINED,
    title: 'An entry inside another adds nothing',
    span: '2026-03-10',
    hosts: [host('h1', 'UTC', '2 09:30-10:15 09:00-12:00')],
    hand: '2026-03-10 09:00..11:00/60',
  },
  {
    rule: WEEKDAY,
    title: 'Saturday in Auckland begins on Friday in UTC',
    span: '2026-03-13..2026-03-14',
    event: { durationMin: 120 },
    hosts: [host('h1', 'Pacific/Auckland', '6 08:00-12:00')],
    hand: '2026-03-13 19:00 21:00',
  },
  {
    rule: WEEKDAY,
    title: 'Sunday in Honolulu ends on Monday in UTC',
    span: '2026-03-15..2026-03-16',
    event: { durationMin: 120 },
    hosts: [host('h1', 'Pacific/Honolulu', '0 12:00-18:00')],
    hand: '2026-03-15 22:00; 2026-03-16 00:00 02:00',
  },
  {
    rule: WEEKDAY,
    title: 'Kiritimati is a day ahead of Pago Pago at the same hour',
    span: '2026-03-15..2026-03-16',
    event: { schedulingType: 'collective', durationMin: 60 },
    hosts: [host('h1', 'Pacific/Kiritimati', '1 09:00-12:00'), host('h2', 'Pacific/Pago_Pago', '0 08:00-10:00')],
    hand: '2026-03-15 19:00 20:00',
  },
  {
    rule: REPLACES,
    title: 'An override takes the place of both weekly entries of the day',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 120 },
    hosts: [
      host('h1', 'Europe/Berlin', '* 09:00-11:00 13:00-15:00', { overrides: overrides('2026-03-10 18:00-20:00') }),
    ],
    hand: '2026-03-10 17:00; 2026-03-11 08:00 12:00',
  },
  {
    rule: REPLACES,
    title: 'The day before an override keeps its evening although UTC is already on the override’s date',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 60 },
    hosts: [host('h1', 'America/Los_Angeles', '* 18:00-20:00', { overrides: overrides('2026-03-11 09:00-10:00') })],
    hand: '2026-03-10 01:00 02:00; 2026-03-11 01:00 02:00 16:00',
  },
  {
    rule: REPLACES,
    title: 'An override of a host in the east begins on the UTC day before',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 60 },
    hosts: [host('h1', 'Pacific/Auckland', '* 12:00-13:00', { overrides: overrides('2026-03-11 08:00-10:00') })],
    hand: '2026-03-10 19:00 20:00; 2026-03-11 23:00',
  },
  {
    rule: REPLACES,
    title: 'An override cuts a night that hours on both sides of midnight had joined',
    span: '2026-03-10..2026-03-12',
    event: { durationMin: 60 },
    hosts: [host('h1', 'UTC', '* 22:00-24:00 00:00-02:00', { overrides: overrides('2026-03-11 12:00-13:00') })],
    hand: '2026-03-10 00:00 01:00 22:00 23:00; 2026-03-11 12:00; 2026-03-12 00:00 01:00 22:00 23:00',
  },
  {
    rule: REPLACES,
    title: 'An override takes a day out of round-the-clock hours',
    span: '2026-03-10..2026-03-12',
    event: { durationMin: 240 },
    hosts: [host('h1', 'UTC', '* 00:00-24:00', { overrides: overrides('2026-03-11 10:00-18:00') })],
  },
  {
    rule: OFF,
    title: 'A day marked off',
    span: '2026-03-10..2026-03-12',
    event: { durationMin: 120 },
    hosts: [host('h1', 'UTC', '* 09:00-11:00', { overrides: overrides('2026-03-11 off') })],
    hand: '2026-03-10 09:00; 2026-03-12 09:00',
  },
  {
    rule: OFF,
    title: 'An override from 00:00 to 00:00',
    span: '2026-03-10..2026-03-12',
    event: { durationMin: 120 },
    hosts: [host('h1', 'UTC', '* 09:00-11:00', { overrides: overrides('2026-03-11 00:00-00:00') })],
    hand: '2026-03-10 09:00; 2026-03-12 09:00',
  },
  {
    rule: OFF,
    title: 'A backwards override replaces the hours and opens nothing',
    span: '2026-03-10..2026-03-12',
    event: { durationMin: 120 },
    hosts: [host('h1', 'UTC', '* 09:00-11:00', { overrides: overrides('2026-03-11 18:00-08:00') })],
    hand: '2026-03-10 09:00; 2026-03-12 09:00',
  },
  {
    rule: OFF,
    title: 'A day marked off in London on the day an hour is skipped',
    span: '2026-03-28..2026-03-30',
    event: { durationMin: 120 },
    hosts: [host('h1', 'Europe/London', '* 00:00-04:00', { overrides: overrides('2026-03-29 off') })],
  },
  {
    rule: ADDS,
    title: 'Two overrides of one date',
    span: '2026-03-10',
    hosts: [host('h1', 'UTC', '* 12:00-13:00', { overrides: overrides('2026-03-10 09:00-10:00 15:00-16:00') })],
    hand: '2026-03-10 09:00 15:00',
  },
  {
    rule: ADDS,
    title: 'Off and hours on one date: the hours hold',
    span: '2026-03-10',
    hosts: [host('h1', 'UTC', '* 12:00-13:00', { overrides: overrides('2026-03-10 off 09:00-11:00') })],
    hand: '2026-03-10 09:00 10:00',
  },
  {
    rule: ADDS,
    title: 'Overlapping overrides of one date become one',
    span: '2026-03-10',
    event: { durationMin: 90 },
    hosts: [host('h1', 'UTC', '* 12:00-13:00', { overrides: overrides('2026-03-10 10:00-12:00 09:00-10:30') })],
    hand: '2026-03-10 09:00 10:30',
  },
  {
    rule: ADDS,
    title: 'Overrides of one date written apart',
    span: '2026-03-10..2026-03-11',
    hosts: [
      host('h1', 'Asia/Kolkata', '* 12:00-13:00', {
        overrides: overrides('2026-03-10 16:00-17:00; 2026-03-11 08:00-09:00; 2026-03-10 09:00-10:00'),
      }),
    ],
    hand: '2026-03-10 03:30 10:30; 2026-03-11 02:30',
  },
  {
    rule: JOINS,
    title: 'An override up to 24:00 joins the next morning’s weekly hours',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 120 },
    hosts: [host('h1', 'UTC', '3 00:00-02:00', { overrides: overrides('2026-03-10 21:00-24:00') })],
    hand: '2026-03-10 21:00 23:00',
  },
  {
    rule: JOINS,
    title: 'Weekly hours up to 24:00 join an override of the next date',
    span: '2026-03-10..2026-03-11',
    event: { durationMin: 150 },
    hosts: [host('h1', 'Asia/Kathmandu', '2 22:00-24:00', { overrides: overrides('2026-03-11 00:00-03:00') })],
    hand: '2026-03-10 16:15 18:45',
  },
  {
    rule: JOINS,
    title: 'Overrides of two dates join over the midnight that Cairo skips',
    span: '2025-04-24..2025-04-25',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'Africa/Cairo', '1 09:00-10:00', {
        overrides: overrides('2025-04-24 22:30-24:00; 2025-04-25 00:00-02:30'),
      }),
    ],
    hand: '2025-04-24 21:00 22:00',
  },
  {
    rule: GIVEN,
    title: 'Seconds of given ranges are cut inwards',
    span: '2026-03-10',
    event: { durationMin: 5 },
    hosts: [
      given('h1', 'UTC', '2026-03-10 09:00:01-09:10:59; 2026-03-10 11:00:00-11:05:00; 2026-03-10 12:00:30-12:05:30'),
    ],
    hand: '2026-03-10 09:05 11:00',
  },
  {
    rule: GIVEN,
    title: 'A given range shorter than a minute is nothing',
    span: '2026-03-10',
    event: { durationMin: 1 },
    hosts: [given('h1', 'UTC', '2026-03-10 09:00:10-09:00:50; 2026-03-10 10:00:59-10:02:01')],
    hand: '2026-03-10 10:01',
  },
  {
    rule: JOINED,
    title: 'Given ranges of one host that touch or overlap become one',
    span: '2026-03-10',
    event: { durationMin: 50 },
    hosts: [given('h1', 'UTC', '2026-03-10 10:00-10:40; 2026-03-10 09:00-09:45; 2026-03-10 09:45-10:00')],
    hand: '2026-03-10 09:00 09:50',
  },
  {
    rule: LAYER,
    title: 'Two layers share a date; the first has its hours',
    span: '2026-03-09..2026-03-11',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'UTC', '* 09:00-10:00', {
        layers: [
          { weekly: weekly('* 12:00-13:00'), from: '2026-03-10', to: '2026-03-10' },
          { weekly: weekly('2 15:00-16:00'), from: '2026-03-10', to: '2026-03-11' },
        ],
      }),
    ],
    hand: '2026-03-09 09:00; 2026-03-10 12:00',
  },
  {
    rule: BLOCKS,
    title: 'Every second week, before its anchor too',
    span: '2026-03-02..2026-03-23',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'UTC', '1 09:00-10:00', {
        layers: [{ weekly: weekly('1 14:00-15:00'), weeks: { every: 2, anchor: '2026-03-16' } }],
      }),
    ],
    hand: '2026-03-02 14:00; 2026-03-09 09:00; 2026-03-16 14:00; 2026-03-23 09:00',
  },
  {
    rule: OF_MONTH,
    title: 'The seventh is in the first week, the fourteenth is not',
    span: '2026-03-07..2026-03-14',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'UTC', '6 09:00-11:00', {
        layers: [{ weekly: weekly('6 14:00-15:00'), weeks: { ofMonth: [1] } }],
      }),
    ],
    hand: '2026-03-07 14:00; 2026-03-14 09:00 10:00',
  },
  {
    rule: OF_MONTH,
    title: 'The last Tuesday is the fourth of February and the fifth of March',
    span: '2026-02-17..2026-03-31',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'UTC', '2 09:00-10:00', {
        layers: [{ weekly: weekly('2 14:00-15:00'), weeks: { ofMonth: [-1] } }],
      }),
    ],
    hand: '2026-02-17 09:00; 2026-02-24 14:00; 2026-03-03 09:00; 2026-03-10 09:00; 2026-03-17 09:00; 2026-03-24 09:00; 2026-03-31 14:00',
  },
  {
    rule: OF_MONTH,
    title: 'The month begins on the host’s clock, 14 hours ahead of UTC',
    span: '2026-02-21..2026-03-01',
    event: { durationMin: 60 },
    hosts: [
      host('h1', 'Pacific/Kiritimati', '', {
        layers: [{ weekly: weekly('0 09:00-10:00'), weeks: { ofMonth: [1] } }],
      }),
    ],
    hand: '2026-02-28 19:00',
  },
]
