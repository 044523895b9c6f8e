import { expect, it } from 'vitest'
import { answersIn, companionsIn, fieldsIn } from './typed.ts'

const form = (...fields: [string, string | Blob][]) => {
  const data = new FormData()
  for (const [name, value] of fields) data.append(name, value)
  return data
}

it('reads what was answered, entry for entry, and no file', () => {
  const sent = form(
    ['answers.a', 'x'],
    ['name', 'Bo'],
    ['answers.b', ''],
    ['answers.a', 'y'],
    ['answers.f', new Blob()],
  )
  expect(answersIn(fieldsIn(sent))).toEqual({ a: ['x', 'y'], b: [''] })
  expect(answersIn(fieldsIn(form(['answers.__proto__', 'x'])))).toEqual(JSON.parse('{ "__proto__": ["x"] }'))
})

it('reads who comes along from a form, from what it had typed, and from a link', () => {
  const typed = {
    companion: ['Cy', 'Di'],
    'companions.1.answers.meal': 'Soup',
    'companions.0.answers.with': ['a', 'b'],
  }
  const people = [
    { name: 'Cy', answers: { with: ['a', 'b'] } },
    { name: 'Di', answers: { meal: ['Soup'] } },
  ]
  expect(companionsIn(fieldsIn(Object.entries(typed)))).toEqual(people)
  const flat = Object.entries(typed).flatMap(([name, all]) => [all].flat().map((one): [string, string] => [name, one]))
  expect(companionsIn(fieldsIn(form(...flat)))).toEqual(people)
  expect(companionsIn(fieldsIn(new URLSearchParams(flat)))).toEqual(people)
})

it('leaves out lines that say nothing, and keeps who has answers but no name', () => {
  const fields = new URLSearchParams([
    ...['', 'Di', '', ' '].map((name) => ['companion', name]),
    ...[
      ['companions.0.answers.meal', ' '],
      ['companions.1.answers.meal', 'Fish'],
      ['companions.2.answers.meal', 'Soup'],
    ],
    ...[
      ['companions.9.answers.meal', 'Fish'],
      ['companions.x.answers.meal', 'Fish'],
      ['companions.1.name', 'Ed'],
    ],
  ])
  expect(companionsIn(fieldsIn(fields))).toEqual([
    { name: 'Di', answers: { meal: ['Fish'] } },
    { name: '', answers: { meal: ['Soup'] } },
  ])
})

it('names no more than there may be', () => {
  const many = Array.from({ length: 60 }, (_, i): [string, string] => ['companion', `Person ${i}`])
  expect(companionsIn(fieldsIn(many))).toHaveLength(50)
})
