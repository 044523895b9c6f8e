import { describe, expect, it } from 'vitest'
import type { Schedule } from '../types.ts'
import { contentOf, draftOf, hasProblems } from './draft.ts'

const SCHEDULE: Schedule = {
  ...{ id: 1, name: 'Hours', timeZone: 'Europe/Berlin', isDefault: true, overrides: [] },
  weekly: [{ days: [1, 2], start: 540, end: 1020 }],
  layers: [
    { name: 'Summer', from: '2027-06-01', to: null, weeks: null, weekly: [{ days: [1], start: 420, end: 720 }] },
    { name: 'B', from: null, to: null, weeks: { every: 2, anchor: '2027-01-04' }, weekly: [] },
  ],
}

describe('a schedule while it is edited', () => {
  it('is what it was when nothing is touched', () => {
    const { name, timeZone, weekly, overrides, layers } = SCHEDULE
    expect(contentOf(draftOf(SCHEDULE))).toEqual({ name, timeZone, weekly, overrides, layers })
  })

  it('has a problem where a season ends before it begins, or its hours overlap', () => {
    const draft = draftOf(SCHEDULE)
    const [summer] = draft.layers
    if (!summer) throw new Error('no layer')
    expect(hasProblems(draft)).toBe(false)
    summer.to = '2027-05-31'
    expect(hasProblems(draft)).toBe(true)
    summer.to = '2027-06-01'
    expect(hasProblems(draft)).toBe(false)
    summer.byDay[3] = [
      [540, 720],
      [600, 660],
    ]
    expect(hasProblems(draft)).toBe(true)
  })
})
