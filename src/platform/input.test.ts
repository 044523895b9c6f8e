import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isAppError } from './errors.ts'
import { parseInput } from './input.ts'

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  size: z.number().int().min(1).max(9),
  tags: z
    .array(z.string())
    .max(1)
    .refine((tags) => !tags.includes('bad'), { params: { code: 'tag_refused' } }),
})

function problems(input: unknown): unknown[] {
  try {
    parseInput(schema, input)
    return []
  } catch (error) {
    if (!isAppError(error)) throw error
    return (error.details.fields as { path: string; code: string; values: object }[]).map((field) => [
      field.path,
      field.code,
      field.values,
    ])
  }
}

describe('parseInput', () => {
  it('returns what has the right shape', () => {
    const input = { name: 'a', size: 1, tags: [] }
    expect(parseInput(schema, input)).toEqual(input)
  })

  it.each([
    [{ name: '', size: 1, tags: [] }, [['name', 'field_required', { min: 1 }]]],
    [
      { name: 'abcdef', size: 10, tags: ['a', 'b'] },
      [
        ['name', 'field_too_long', { max: 5 }],
        ['size', 'field_too_large', { max: 9 }],
        ['tags', 'field_too_many', { max: 1 }],
      ],
    ],
    [
      { size: 0, tags: ['bad'] },
      [
        ['name', 'field_required', {}],
        ['size', 'field_too_small', { min: 1 }],
        ['tags', 'tag_refused', {}],
      ],
    ],
    [
      { name: 'a', size: '1', tags: [], userId: 3 },
      [
        ['size', 'field_invalid', {}],
        ['', 'field_unknown', {}],
      ],
    ],
    [null, [['', 'field_required', {}]]],
  ])('names every problem of %j', (input, expected) => {
    expect(problems(input)).toEqual(expected)
  })

  it('does not send a huge input back', () => {
    try {
      parseInput(schema, { ['k'.repeat(1e6)]: 1 })
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify((error as { details: unknown }).details).length).toBeLessThan(2000)
    }
  })
})
