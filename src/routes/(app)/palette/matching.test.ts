import { describe, expect, it } from 'vitest'
import { bestOf, fitOf } from './matching.ts'

describe('fitOf', () => {
  it.each([
    ['ver', 'Verfügbarkeit', ''],
    ['verfug', 'Verfügbarkeit', ''],
    ['VERFÜG', 'Verfügbarkeit', ''],
    ['strasse', 'Große Straße', ''],
    ['link privat', 'Private Links', ''],
    ['bark', 'Verfügbarkeit', ''],
    ['hours', 'Availability', 'hours, schedules'],
    ['copy hours', 'Copy', 'hours'],
    ['bo@ex', 'bo@example.org', ''],
  ])('%j fits %j (%j)', (typed, name, others) => {
    expect(fitOf(typed, name, others)).toBeGreaterThan(0)
  })

  it.each([
    ['', 'Availability', ''],
    ['  ', 'Availability', ''],
    ['?', 'Availability', ''],
    ['availability x', 'Availability', ''],
    ['ours', 'Availability', 'hours'],
    ['contacts', 'Contact', ''],
  ])('%j does not fit %j (%j)', (typed, name, others) => {
    expect(fitOf(typed, name, others)).toBe(0)
  })
})

it('puts what begins like it first, then words of the name, then other words, and keeps the order among equals', () => {
  const all: [string, string?][] = [['Inside of bookings'], ['Agenda', 'book'], ['The book'], ['Book now'], ['A book']]
  expect(bestOf('book', all, (one) => one).map(([name]) => name)).toEqual([
    ...['Book now', 'Inside of bookings', 'The book', 'A book', 'Agenda'],
  ])
})
