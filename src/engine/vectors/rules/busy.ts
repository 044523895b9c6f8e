import { booking, type Case, host, intervals } from '../notation.ts'

const OPEN = 'Busy time is half-open: a slot may end where it begins and begin where it ends.'
const SECONDS = 'A host busy for part of a minute is busy for that minute.'
const EMPTY = 'Empty intervals block nothing.'
const EXTERNAL =
  'An external interval blocks from its start minus this after-buffer to its end plus this before-buffer.'
const BOTH = 'Buffers of both sides add: a booking blocks its own buffers and those of the new meeting.'
const EDGE = 'Buffers never shrink availability at its edges.'
const STATUS = 'Only accepted bookings block.'
const ALSO = 'All hosts of a booking are blocked like its first.'
const OTHER = 'A host’s booking of another event type blocks him too.'
const OUTSIDE = 'What lies outside the span but reaches in with its buffers blocks.'
const GROWN = 'After buffers, what blocks grows to whole minutes.'

const DAY = '2026-03-10'
const worker = (busy = '', more = {}) =>
  host('h1', 'UTC', '* 09:00-13:00', { ...(busy && { busy: intervals(busy) }), ...more })

export const cases: Case[] = [
  {
    rule: OPEN,
    title: 'Busy from 10 to 11',
    span: DAY,
    hosts: [worker(`${DAY} 10:00-11:00`)],
    hand: `${DAY} 09:00 11:00 12:00`,
  },
  {
    rule: OPEN,
    title: 'Busy times that overlap and touch, in no order',
    span: DAY,
    event: { durationMin: 30 },
    hosts: [worker(`${DAY} 11:00-11:30; ${DAY} 09:30-10:15; ${DAY} 10:00-11:00`)],
    hand: `${DAY} 09:00 11:30..12:30/30`,
  },
  {
    rule: OPEN,
    title: 'Busy before and after the hours touches nothing',
    span: DAY,
    hosts: [worker(`${DAY} 08:00-09:00; ${DAY} 13:00-14:00`)],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: OPEN,
    title: 'Busy all day long',
    span: DAY,
    hosts: [worker('2026-03-09 12:00-2026-03-11 12:00')],
    hand: 'none',
  },
  {
    rule: SECONDS,
    title: 'One second after ten is the minute after ten',
    span: DAY,
    event: { durationMin: 20 },
    hosts: [worker(`${DAY} 10:00:01-10:00:02`)],
    hand: `${DAY} 09:00..09:40/20 10:20..12:40/20`,
  },
  {
    rule: SECONDS,
    title: 'Busy until a second past ten takes the whole minute',
    span: DAY,
    event: { durationMin: 1, slotIntervalMin: 60 },
    hosts: [worker(`${DAY} 09:30-10:00:01`)],
    hand: `${DAY} 09:00 11:00 12:00`,
  },
  {
    rule: SECONDS,
    title: 'Milliseconds count as well',
    span: DAY,
    event: { durationMin: 60 },
    hosts: [worker(`${DAY} 09:59:59.999-10:00; ${DAY} 12:00-12:00:00.001`)],
    hand: `${DAY} 10:00 11:00`,
  },
  {
    rule: EMPTY,
    title: 'Busy from ten to ten',
    span: DAY,
    hosts: [worker(`${DAY} 10:00-10:00; ${DAY} 11:30:20-11:30:20`)],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: EMPTY,
    title: 'A busy time whose end lies before its start',
    span: DAY,
    hosts: [worker(`${DAY} 11:00-10:00`)],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: EXTERNAL,
    title: 'A before-buffer of ten minutes extends the busy time’s end',
    span: DAY,
    event: { durationMin: 30, bufferBeforeMin: 10 },
    hosts: [worker(`${DAY} 10:00-10:30`)],
    hand: `${DAY} 09:00 09:30 11:00..12:30/30`,
  },
  {
    rule: EXTERNAL,
    title: 'An after-buffer of ten minutes extends the busy time’s start',
    span: DAY,
    event: { durationMin: 30, bufferAfterMin: 10 },
    hosts: [worker(`${DAY} 10:00-10:30`)],
    hand: `${DAY} 09:00 10:30..12:30/30`,
  },
  {
    rule: EXTERNAL,
    title: 'Different buffers on the two sides',
    span: DAY,
    event: { durationMin: 15, bufferBeforeMin: 20, bufferAfterMin: 5 },
    hosts: [worker(`${DAY} 10:00-10:30`)],
    hand: `${DAY} 09:00..09:30/15 11:00..12:45/15`,
  },
  {
    rule: GROWN,
    title: 'Buffers are counted from the second, then the minute is filled',
    span: DAY,
    event: { durationMin: 5, bufferBeforeMin: 5 },
    hosts: [host('h1', 'UTC', '* 10:00-10:20', { busy: intervals(`${DAY} 10:00:30-10:04:30`) })],
    hand: `${DAY} 10:10 10:15`,
  },
  {
    rule: EDGE,
    title: 'The first slot begins at opening time and the last ends at closing time',
    span: DAY,
    event: { durationMin: 60, bufferBeforeMin: 30, bufferAfterMin: 30 },
    hosts: [worker()],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: EDGE,
    title: 'Busy that ends at opening time still keeps its buffer',
    span: DAY,
    event: { durationMin: 60, bufferBeforeMin: 30 },
    hosts: [worker(`${DAY} 08:00-09:00`)],
    hand: `${DAY} 10:00..12:00/60`,
  },
  {
    rule: BOTH,
    title: 'A booking with its own after-buffer before a meeting with a before-buffer',
    span: DAY,
    event: { durationMin: 15, bufferBeforeMin: 10 },
    hosts: [worker()],
    bookings: [booking('h1', `${DAY} 10:00-10:30`, { bufferAfterMin: 15 })],
    hand: `${DAY} 09:00..09:45/15 11:00..12:45/15`,
  },
  {
    rule: BOTH,
    title: 'A booking with its own before-buffer after a meeting with an after-buffer',
    span: DAY,
    event: { durationMin: 15, bufferAfterMin: 10 },
    hosts: [worker()],
    bookings: [booking('h1', `${DAY} 10:30-11:00`, { bufferBeforeMin: 15 })],
    hand: `${DAY} 09:00..09:45/15 11:00..12:45/15`,
  },
  {
    rule: BOTH,
    title: 'All four buffers',
    span: DAY,
    event: { durationMin: 5, bufferBeforeMin: 5, bufferAfterMin: 10 },
    hosts: [worker()],
    bookings: [booking('h1', `${DAY} 11:00-11:30`, { bufferBeforeMin: 15, bufferAfterMin: 20 })],
    hand: `${DAY} 09:00..10:30/5 11:55..12:55/5`,
  },
  {
    rule: BOTH,
    title: 'The buffers of two neighbouring bookings leave room for exactly one meeting',
    span: DAY,
    event: { durationMin: 30, bufferBeforeMin: 15, bufferAfterMin: 15 },
    hosts: [worker()],
    bookings: [booking('h1', `${DAY} 09:00-10:00`), booking('h1', `${DAY} 11:00-13:00`)],
  },
  {
    rule: OUTSIDE,
    title: 'A booking of the day before, its buffer ends within the day',
    span: DAY,
    event: { durationMin: 60 },
    hosts: [host('h1', 'UTC', '* 00:00-04:00')],
    bookings: [booking('h1', '2026-03-09 22:00-23:00', { sameEvent: false, bufferAfterMin: 150 })],
    hand: `${DAY} 02:00 03:00`,
  },
  {
    rule: OUTSIDE,
    title: 'A busy time after the span, its buffer begins within the span',
    span: `${DAY} 00:00-${DAY} 12:00`,
    event: { durationMin: 60, bufferAfterMin: 120 },
    hosts: [worker(`${DAY} 13:00-14:00`)],
    hand: `${DAY} 09:00 10:00`,
  },
  {
    rule: STATUS,
    title: 'Pending, cancelled and rejected bookings do not block',
    span: DAY,
    hosts: [worker()],
    bookings: [
      booking('h1', `${DAY} 09:00-10:00`, { status: 'PENDING' }),
      booking('h1', `${DAY} 10:00-11:00`, { status: 'CANCELLED' }),
      booking('h1', `${DAY} 11:00-12:00`, { status: 'REJECTED' }),
      booking('h1', `${DAY} 12:00-13:00`, { status: 'ACCEPTED' }),
    ],
    hand: `${DAY} 09:00..11:00/60`,
  },
  {
    rule: ALSO,
    title: 'A second host of a booking is blocked',
    span: DAY,
    hosts: [worker()],
    bookings: [booking('somebody', `${DAY} 10:00-11:00`, { sameEvent: false, alsoHosts: ['else', 'h1'] })],
    hand: `${DAY} 09:00 11:00 12:00`,
  },
  {
    rule: ALSO,
    title: 'A booking of somebody else blocks nothing',
    span: DAY,
    hosts: [worker()],
    bookings: [booking('somebody', `${DAY} 10:00-11:00`, { sameEvent: false, alsoHosts: ['else'] })],
    hand: `${DAY} 09:00..12:00/60`,
  },
  {
    rule: ALSO,
    title: 'In a collective, a booking with a second host blocks both with its buffers',
    span: DAY,
    event: { schedulingType: 'collective', durationMin: 30, bufferBeforeMin: 30 },
    hosts: [worker(), host('h2', 'Asia/Kolkata', '* 14:30-18:30')],
    bookings: [booking('h2', `${DAY} 10:00-10:30`, { alsoHosts: ['h1'], bufferAfterMin: 30 })],
    hand: `${DAY} 09:00 09:30 11:30..12:30/30`,
  },
  {
    rule: OTHER,
    title: 'A booking of another event type, with its buffers',
    span: DAY,
    event: { durationMin: 30 },
    hosts: [worker()],
    bookings: [booking('h1', `${DAY} 10:00-10:30`, { sameEvent: false, bufferBeforeMin: 30, bufferAfterMin: 30 })],
    hand: `${DAY} 09:00 11:00..12:30/30`,
  },
  {
    rule: SECONDS,
    title: 'A booking with seconds at both ends',
    span: DAY,
    event: { durationMin: 10 },
    hosts: [host('h1', 'Asia/Kathmandu', '* 15:00-16:00')],
    bookings: [booking('h1', `${DAY} 09:35:40-09:44:20`)],
    hand: `${DAY} 09:15 09:25 09:45..10:05/10`,
  },
  {
    rule: OPEN,
    title: 'Busy over the repeated hour of New York takes exactly its real hours',
    span: '2026-11-01',
    event: { durationMin: 30 },
    hosts: [host('h1', 'America/New_York', '0 00:00-03:00', { busy: intervals('2026-11-01 05:30-06:30') })],
    hand: '2026-11-01 04:00..05:00/30 06:30..07:30/30',
  },
]
