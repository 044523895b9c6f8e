import { describe, expect, it } from 'vitest'
import type { Schedule } from '../types.ts'
import { contentOf, draftOf, hasProblems } from './draft.ts'

const SCHEDULE: Schedule = {
  ...{ id: 1, name: 'Hours', timeZone: 'Europe/Berlin', isDefault: true, overrides: [] },
  weekly: [{ days: [1, 2], start: 540, end: 1020 }],
  layers: [
    { name: 'Summer', from: '2027-06-01', to: null, weeks: null, weekly: [{ days: [1], start: 420, end: 720 }] },
    { name: 'B', from: null, to: null, weeks: { every: 2, anchor: '2027-01-04' }, weekly: [] },
    { name: 'M', from: null, to: null, weeks: { ofMonth: [1, -1] }, weekly: [] },
  ],
}

describe('a schedule while it is edited', () => {
  it('is what it was when nothing is touched', () => {
    const { name, timeZone, weekly, overrides, layers } = SCHEDULE
    expect(contentOf(draftOf(SCHEDULE))).toEqual({ name, timeZone, weekly, overrides, layers })
  })

  it('changes from some weeks of the month to every week and back, and needs at least one', () => {
    const draft = draftOf(SCHEDULE)
    const monthly = draft.layers[2]
    if (!monthly) throw new Error('no layer')
    const weeks = () => contentOf(draft).layers[2]?.weeks
    monthly.every = 1
    expect(weeks()).toBeNull()
    monthly.every = 'month'
    expect(weeks()).toEqual({ ofMonth: [1, -1] })
    monthly.ofMonth = []
    expect(hasProblems(draft)).toBe(true)
    // Every second week does not ask for weeks of the month.
    monthly.every = 2
    expect(hasProblems(draft)).toBe(false)
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
