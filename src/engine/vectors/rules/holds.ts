import { type Case, hold, host } from '../notation.ts'

const BUSY = 'A hold is busy time of its host: the grid restarts after it.'
const RELEASE = 'A hold lasts until releaseAt, exclusive.'
const ONE_HOST = 'A hold takes its own host only, so other hosts stay bookable.'
const BUFFERS = 'A hold has no buffers.'
const MINUTES = 'A hold grows to whole minutes and is half-open.'

const DAY = '2026-03-10'
const NOW = '2026-03-10 06:00'
const at = (id: string, hours = '09:00-13:00', more = {}) => host(id, 'UTC', `* ${hours}`, more)

export const cases: Case[] = [
  {
    rule: BUSY,
    title: 'An hour held',
    span: DAY,
    now: NOW,
    hosts: [at('h1')],
    reserved: [hold('h1', `${DAY} 10:00-11:00`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00 11:00 12:00`,
  },
  {
    rule: BUSY,
    title: 'Fifty minutes begin anew after 20 minutes held',
    span: DAY,
    now: NOW,
    event: { durationMin: 50 },
    hosts: [at('h1')],
    reserved: [hold('h1', `${DAY} 10:00-10:20`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00 10:20..12:00/50`,
  },
  {
    rule: BUSY,
    title: 'Holds that overlap each other',
    span: DAY,
    now: NOW,
    event: { durationMin: 30 },
    hosts: [at('h1')],
    reserved: [
      hold('h1', `${DAY} 10:00-11:00`, '2026-03-10 06:05'),
      hold('h1', `${DAY} 10:30-11:10`, '2026-03-10 06:01'),
    ],
    hand: `${DAY} 09:00 09:30 11:30..12:30/30`,
  },
  {
    rule: RELEASE,
    title: 'Released exactly now',
    span: DAY,
    now: NOW,
    hosts: [at('h1')],
    reserved: [hold('h1', `${DAY} 10:00-11:00`, NOW)],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: RELEASE,
    title: 'Released a millisecond after now',
    span: DAY,
    now: NOW,
    hosts: [at('h1')],
    reserved: [hold('h1', `${DAY} 10:00-11:00`, '2026-03-10 06:00:00.001')],
    hand: `${DAY} 09:00 11:00 12:00`,
  },
  {
    rule: RELEASE,
    title: 'Released before now',
    span: DAY,
    now: NOW,
    hosts: [at('h1')],
    reserved: [hold('h1', `${DAY} 10:00-11:00`, '2026-03-10 05:59:59')],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: ONE_HOST,
    title: 'A round robin with the other host free',
    span: DAY,
    now: NOW,
    event: { schedulingType: 'roundRobin' },
    hosts: [at('h1'), at('h2', '10:00-11:00')],
    reserved: [hold('h1', `${DAY} 10:00-12:00`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00 10:00 12:00`,
  },
  {
    rule: ONE_HOST,
    title: 'A round robin with both hosts held',
    span: DAY,
    now: NOW,
    event: { schedulingType: 'roundRobin' },
    hosts: [at('h1'), at('h2')],
    reserved: [
      hold('h1', `${DAY} 10:00-11:00`, '2026-03-10 06:05'),
      hold('h2', `${DAY} 10:30-11:30`, '2026-03-10 06:05'),
    ],
    hand: `${DAY} 09:00 11:00 12:00`,
  },
  {
    rule: ONE_HOST,
    title: 'One host of each group is held, the group with another host goes on',
    span: DAY,
    now: NOW,
    event: { schedulingType: 'roundRobin' },
    hosts: [
      at('a1', '09:00-13:00', { group: 'a' }),
      at('a2', '09:00-13:00', { group: 'a' }),
      at('b1', '09:00-13:00', { group: 'b' }),
    ],
    reserved: [
      hold('a1', `${DAY} 10:00-11:00`, '2026-03-10 06:05'),
      hold('b1', `${DAY} 11:00-12:00`, '2026-03-10 06:05'),
    ],
    hand: `${DAY} 09:00 10:00 12:00`,
  },
  {
    rule: ONE_HOST,
    title: 'A collective: one host held is enough',
    span: DAY,
    now: NOW,
    event: { schedulingType: 'collective' },
    hosts: [at('h1'), at('h2')],
    reserved: [hold('h2', `${DAY} 10:00-11:00`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00 11:00 12:00`,
  },
  {
    rule: ONE_HOST,
    title: 'A hold of somebody who is no host here',
    span: DAY,
    now: NOW,
    hosts: [at('h1')],
    reserved: [hold('somebody', `${DAY} 10:00-11:00`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: BUFFERS,
    title: 'The event has buffers, the hold has none',
    span: DAY,
    now: NOW,
    event: { durationMin: 30, bufferBeforeMin: 30, bufferAfterMin: 30 },
    hosts: [at('h1')],
    reserved: [hold('h1', `${DAY} 10:00-10:30`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00 09:30 10:30..12:30/30`,
  },
  {
    rule: MINUTES,
    title: 'A hold with seconds',
    span: DAY,
    now: NOW,
    event: { durationMin: 10 },
    hosts: [at('h1', '09:00-10:00')],
    reserved: [hold('h1', `${DAY} 09:19:59-09:30:01`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00 09:40 09:50`,
  },
  {
    rule: MINUTES,
    title: 'An empty hold',
    span: DAY,
    now: NOW,
    hosts: [at('h1')],
    reserved: [hold('h1', `${DAY} 10:30-10:30`, '2026-03-10 06:05')],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: MINUTES,
    title: 'A hold over the hour repeated in London',
    span: '2026-10-25',
    hosts: [host('h1', 'Europe/London', '0 00:00-04:00')],
    reserved: [hold('h1', '2026-10-25 00:00-01:00', '2026-10-24 00:00')],
    hand: '2026-10-25 01:00..03:00/60',
  },
]
