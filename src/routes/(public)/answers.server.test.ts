import { describe, expect, it } from 'vitest'
import { newQuestion } from '#features/event-types/questions/rules.ts'
import { QUESTION_TYPES, type Question, type QuestionType } from '#features/event-types/questions/types.ts'
import { questionsAsked } from './answers.server.ts'

const question = (type: QuestionType, more: Partial<Question> = {}): Question => ({
  ...newQuestion(type, type, []),
  ...{ key: 'q', options: ['Red', 'Green'], text: 'Pay in time.', ...more },
})
const brought = (one: Question, query: string) => {
  const { questions, answers } = questionsAsked([one], new URLSearchParams(query), undefined)
  return { entries: answers.q, locked: questions[0]?.locked, hidden: questions[0]?.hidden }
}

/** What a link says, and what the form begins with. */
const CASES: Record<QuestionType, [query: string, entries: string[]]> = {
  text: ['q=Acme+Ltd', ['Acme Ltd']],
  long_text: ['q=one%0Atwo', ['one\ntwo']],
  number: ['q=4.5', ['4.5']],
  select: ['q=Green', ['Green']],
  multi_select: ['q=Green&q=Red&q=Pink', ['Red', 'Green']],
  radio: ['q=Red', ['Red']],
  checkboxes: ['q=Green', ['Green']],
  boolean: ['q=yes', ['true']],
  phone: ['q=%2B49+30+123456', ['+49 30 123456']],
  email: ['q=bo@example.net', ['bo@example.net']],
  emails: ['q=a@example.net&q=b@example.net', ['a@example.net', 'b@example.net']],
  address: ['q=1+Road%0ATown', ['1 Road\nTown']],
  url: ['q=https://example.org/a', ['https://example.org/a']],
  date: ['q=2027-02-28', ['2027-02-28']],
  time: ['q=14:30', ['14:30']],
  rating: ['q=4', ['4']],
  slider: ['q=7', ['7']],
  policy: ['q=true', []],
  file: ['q=plan.pdf', []],
  signature: ['q=Bo+Visitor', []],
}

describe('what a link brings along', () => {
  it.each(QUESTION_TYPES)('%s', (type) => {
    const [query, entries] = CASES[type]
    expect(brought(question(type), query).entries).toEqual(entries)
    // What nobody may settle by a link is asked all the same.
    expect(brought(question(type, { lockPrefilled: true }), query).locked).toBe(entries.length > 0)
    expect(brought(question(type), '').entries).toEqual([])
  })

  it('answers hidden questions, which the form has without their words', () => {
    const { questions, answers } = questionsAsked(
      [question('text', { hidden: true, label: 'Campaign' })],
      new URLSearchParams('q=letter-7'),
      undefined,
    )
    expect(answers).toEqual({ q: ['letter-7'] })
    expect(questions[0]).toMatchObject({ hidden: true, label: '' })
  })

  it('is not settled when it would not be taken', () => {
    expect(brought(question('rating', { lockPrefilled: true }), 'q=9')).toMatchObject({ entries: ['9'], locked: false })
  })

  it('gives way to the only choice there is', () => {
    const single = question('radio', { options: ['Red'], hideSingle: true })
    expect(brought(single, 'q=Green')).toEqual({ entries: ['Red'], locked: false, hidden: true })
  })
})
