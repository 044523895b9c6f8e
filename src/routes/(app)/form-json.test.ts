import { describe, expect, it } from 'vitest'
import { refusal } from '#test/refusal.ts'
import { idOf, jsonField } from './form-json.ts'

function form(value?: string | Blob): FormData {
  const data = new FormData()
  if (value !== undefined) data.set('settings', value)
  return data
}

describe('jsonField', () => {
  it('reads JSON', () => {
    expect(jsonField(form('{"a":[1]}'), 'settings')).toEqual({ a: [1] })
  })

  it.each([undefined, '', '{', 'undefined', '{"a":1}x', new Blob(['{}'])])('refuses %s', async (value) => {
    expect(await refusal((async () => jsonField(form(value), 'settings'))())).toBe(
      'invalid_input/settings:field_invalid',
    )
  })
})

describe('idOf', () => {
  it.each([
    ['17', 17],
    ['0', 0],
    ['017', 0],
    ['-1', 0],
    ['1e3', 0],
    ['1.5', 0],
    ['99999999999999999', 0],
    ['', 0],
    [null, 0],
    [undefined, 0],
  ])('%s is %i', (text, expected) => {
    expect(idOf(text)).toBe(expected)
  })
})
