import { expect, test } from 'vitest'
import { parseInstant } from './calendar.ts'
import { preferredOffer } from './preferred.ts'
import { compileOffer } from './slots.ts'
import type { HostInput } from './types.ts'

const ann: HostInput = { id: 'ann', timeZone: 'UTC', weekly: [{ days: [1], start: 540, end: 600 }] }
const bob: HostInput = { ...ann, id: 'bob' }
const everyone = compileOffer({ scheduling: 'roundRobin', durationMinutes: 60, hosts: [ann, bob] })
const onlyAnn = compileOffer({ scheduling: 'roundRobin', durationMinutes: 60, hosts: [ann] })
/** A Friday. */
const now = parseInstant('2026-05-01T00:00:00Z')
const awayFor = (days: number) => [{ host: 'ann', start: now, end: now + days * 86_400_000 }]

test('the preferred hosts are shown while they have a slot within 14 days', () => {
  expect(preferredOffer(onlyAnn, everyone, { now })).toBe(onlyAnn)
  expect(preferredOffer(onlyAnn, everyone, { now, busy: awayFor(10) })).toBe(onlyAnn)
})

test('else everyone', () => {
  expect(preferredOffer(onlyAnn, everyone, { now, busy: awayFor(11) })).toBe(everyone)
})
