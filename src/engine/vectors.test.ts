import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { answersOf } from './oracle/command.ts'
import { oracleStarts } from './oracle/oracle.ts'
import { readScenario } from './scenario.ts'
import { compileOffer, findSlots, isOffered } from './slots.ts'
import { topics, vectorsOf } from './vectors/files.ts'
import type { Vector } from './vectors/notation.ts'

const vectors = topics().flatMap(vectorsOf)

describe.each(topics())('%s', (topic) => {
  test.each(vectorsOf(topic))('$id $title', (vector) => {
    expect(startsByLibrary(vector)).toEqual(vector.expected)
  })
})

test('there are enough of them, each with its own id and rule', () => {
  expect(vectors.length).toBeGreaterThanOrEqual(300)
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length)
  expect(vectors.filter(({ rule }) => !/\w.*\.$/.test(rule))).toEqual([])
})

test('the published starts are the oracle’s', () => {
  const outdated = vectors.filter((vector) => oracleStarts(vector).join() !== vector.expected.join())
  expect(outdated.map(({ id }) => id)).toEqual([])
})

test('the command answers all of them alike', () => {
  const answers = answersOf(vectors)
  const differing = vectors.filter(
    ({ id, expected }) => JSON.stringify(answers.get(id)) !== JSON.stringify({ id, starts: expected }),
  )
  expect(differing.map(({ id }) => answers.get(id))).toEqual([])
})

test('what is listed is bookable, and nothing a minute beside it', () => {
  const wrong = vectors.flatMap((vector) => {
    const { offer, facts } = readScenario(vector)
    const compiled = compileOffer(offer)
    const offered = new Set(vector.expected)
    return [vector.expected[0], vector.expected.at(-1)].flatMap((start) => {
      if (start === undefined) return []
      const at = Temporal.Instant.from(start).epochMilliseconds
      const next = at + 60_000
      const isListed = offered.has(isoOf(next))
      return isOffered(compiled, facts, at) && isOffered(compiled, facts, next) === isListed
        ? []
        : [`${vector.id} ${start}`]
    })
  })
  expect(wrong).toEqual([])
})

function startsByLibrary(vector: Vector): string[] {
  const { offer, facts, span } = readScenario(vector)
  return Array.from(findSlots(compileOffer(offer), facts, span), isoOf)
}

function isoOf(epochMilliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMilliseconds).toString({ smallestUnit: 'millisecond' })
}
