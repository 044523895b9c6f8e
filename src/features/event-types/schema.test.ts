import { describe, expect, it } from 'vitest'
import { readableSettings } from './schema.ts'

describe('readableSettings', () => {
  it('keeps what can be read and leaves the rest away', () => {
    const typed = { title: ' Talk ', notice: null, durations: [30, null], guests: false, nobody: 1, slug: 'no slug' }
    expect(readableSettings(typed)).toEqual({ title: 'Talk', guests: false })
  })

  it.each([[null], ['text'], [[1]], [{}]])('makes nothing of %j', (input) => {
    expect(readableSettings(input)).toEqual({})
  })
})
