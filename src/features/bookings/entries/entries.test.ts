import { describe, expect, it } from 'vitest'
import type { Answer } from '../answers/types.ts'
import { calendarUid, descriptionOf } from './types.ts'

const answer = { type: 'text', hidden: false } as const
const answers: Answer[] = [
  { ...answer, key: 'topic', label: 'Topic', value: 'Engines' },
  { ...answer, key: 'more', label: 'More', value: 'One\nTwo' },
  { ...answer, key: 'new', label: 'New here?', type: 'boolean', value: true },
  { ...answer, key: 'source', label: 'Source', value: 'campaign-7', hidden: true },
]
const booker = { kind: 'booker' as const, name: 'Bo', answers, companions: [] }
const booking = { notes: 'Bring a pen', attendees: [booker], eventType: null }
const words = { locale: 'en', yes: 'Yes', no: 'No' }

describe('the text of an entry', () => {
  it('tells the host everything', () => {
    expect(descriptionOf(booking, { ...words, reader: 'host' })).toBe(
      'Topic: Engines\nMore:\nOne\nTwo\nNew here? Yes\nSource: campaign-7\n\nBring a pen',
    )
  })

  it('tells the booker what they were asked', () => {
    expect(descriptionOf(booking, { ...words, reader: 'booker' })).toBe(
      'Topic: Engines\nMore:\nOne\nTwo\nNew here? Yes\n\nBring a pen',
    )
  })

  it('tells guests no answers', () => {
    expect(descriptionOf(booking, { ...words, reader: 'guest' })).toBe('Bring a pen')
  })

  it('names who comes along to the host and the booker', () => {
    const party = {
      ...booking,
      notes: '',
      attendees: [{ ...booker, answers: [], companions: [{ name: 'Cy' }, { name: 'Di' }] }],
    }
    for (const reader of ['host', 'booker'] as const)
      expect(descriptionOf(party, { ...words, reader })).toBe('Bo, Cy, Di')
    expect(descriptionOf(party, { ...words, reader: 'guest' })).toBe('')
  })

  it('tells what was answered for who comes along, as far as the reader may know it', () => {
    const companions = [{ name: 'Cy', answers }, { name: 'Di' }]
    const party = { ...booking, attendees: [{ ...booker, answers: [], companions }] }
    const read = 'Bo, Cy, Di\n\nCy\nTopic: Engines\nMore: One, Two\nNew here? Yes'
    expect(descriptionOf(party, { ...words, reader: 'host' })).toBe(`${read}\nSource: campaign-7\n\nBring a pen`)
    expect(descriptionOf(party, { ...words, reader: 'booker' })).toBe(`${read}\n\nBring a pen`)
    expect(descriptionOf(party, { ...words, reader: 'guest' })).toBe('Bring a pen')
  })

  it('says nothing where the host keeps answers and notes out of calendars', () => {
    const eventType = { hideNotes: true, privateEntry: false, hideHostEmail: false }
    for (const reader of ['host', 'booker', 'guest'] as const)
      expect(
        descriptionOf(
          { ...booking, attendees: [{ ...booker, companions: [{ name: 'Cy' }] }], eventType },
          { ...words, reader },
        ),
      ).toBe('')
  })

  it('is nothing where nothing was said', () => {
    const silent = { ...booking, notes: '', attendees: [{ ...booker, answers: [] }] }
    expect(descriptionOf(silent, { ...words, reader: 'host' })).toBe('')
  })
})

describe('the UID of an entry', () => {
  const url = new URL('https://book.example.org')

  it('is always the same and leads to no booking, since guests read it', () => {
    const uid = 'abcdefghijklmnopqrstuvwx'
    expect(calendarUid({ uid }, url)).toBe('k7DKv4Zo4MU0xSpWiVdJnhKi@book.example.org')
    expect(calendarUid({ uid }, url)).not.toContain(uid)
    expect(calendarUid({ uid: 'bbcdefghijklmnopqrstuvwx' }, url)).not.toBe(calendarUid({ uid }, url))
  })
})
