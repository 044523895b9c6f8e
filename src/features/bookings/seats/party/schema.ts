import { z } from 'zod'
import type { FieldProblem } from '#platform/errors.ts'
import { singleLine } from '#platform/fields.ts'
import type { Question } from '../../../event-types/questions/types.ts'
import { checkCompanion, type RawAnswers, rawAnswers } from '../../answers/schema.ts'
import { MOST_COMPANIONS } from './rules.ts'
import type { Companion } from './types.ts'

/** Those of a party who are named, the booker left out. */
export const companions = z
  .array(
    z.strictObject({
      name: singleLine(200),
      /** To what is asked of each person, by the keys of the questions. */
      answers: rawAnswers.default({}),
    }),
  )
  .max(MOST_COMPANIONS)
export type RawCompanions = z.output<typeof companions>

/**
 * Who comes along, with what was answered for them. Where something must be answered for each, everyone is to be named, as far as people
 * can be.
 * @param party `answers` of who books; `quantity` of people, the booker included
 */
export function checkCompanions(
  questions: readonly Question[],
  party: { answers: RawAnswers; companions: RawCompanions; quantity: number },
): { companions: Companion[]; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const checked = Array.from({ length: Math.min(party.quantity - 1, MOST_COMPANIONS) }, (_, i): Companion[] => {
    const one = party.companions[i]
    const own = { booker: party.answers, own: one?.answers ?? {}, at: `companions.${i}.answers` }
    const { answers, problems: found } = checkCompanion(questions, own)
    if (!one && found.length > 0) found.unshift(unnamed(i))
    problems.push(...found)
    return one ? [{ name: one.name, ...(answers.length > 0 && { answers }) }] : []
  })
  return { companions: checked.flat(), problems }
}

const unnamed = (i: number): FieldProblem => ({
  path: `companions.${i}.name`,
  code: 'field_required',
  message: 'field_required',
})

export const partySchema = z.strictObject({
  /** How many come now, the booker included. */
  quantity: z.number().int().min(1).max(1000),
  /** Positions in the list of companions, of those who stay away. */
  away: z
    .array(z.number().int().min(0))
    .max(MOST_COMPANIONS)
    .transform((positions) => [...new Set(positions)])
    .default([]),
  /** The version of the seat that the page showed. */
  sequence: z.number().int().min(0).optional(),
})
