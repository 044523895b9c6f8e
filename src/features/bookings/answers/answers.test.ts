import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUESTION_TYPES, type Question, type QuestionType } from '../../event-types/questions/types.ts'
import { askedQuestions } from './rules.ts'
import { checkAnswers, type RawAnswers, rawAnswers } from './schema.ts'
import { answerLine, answerLines, answerText, askedQuestion } from './types.ts'

function ask(type: QuestionType, more: Partial<Question> = {}): Question {
  return {
    ...{ key: 'q', type, label: 'Question', help: '', placeholder: '', required: false, hidden: false },
    ...{ lockPrefilled: false, options: [], min: null, max: null, showWhen: null, text: '', ...more },
  }
}

const versionOf = (text: string) => `version of ${text}`

/** The value that is kept of an answer, null when none is, or the code of what is wrong with it. */
function outcome(question: Question, value: RawAnswers[string] | undefined) {
  const { answers, problems } = checkAnswers([question], value === undefined ? {} : { q: value }, versionOf)
  return problems[0] ? `${problems[0].path} ${problems[0].code}` : (answers[0]?.value ?? null)
}

describe('answers', () => {
  const options = ['Red', 'Green', 'Blue']
  const bad = (code: string) => `answers.q ${code}`
  const cases: [QuestionType, Partial<Question>, RawAnswers[string], unknown][] = [
    ['text', {}, '  Acme Ltd ', 'Acme Ltd'],
    ['text', {}, 'two\nlines', bad('field_unreadable')],
    ['text', {}, 'x'.repeat(300), 'x'.repeat(300)],
    ['text', {}, 'x'.repeat(301), bad('field_too_long')],
    ['text', { min: 3 }, 'ab', bad('field_too_short')],
    ['text', { max: 3 }, '👍👍👍', '👍👍👍'],
    ['long_text', {}, 'one\r\ntwo', 'one\ntwo'],
    ['long_text', { max: 5 }, 'one\r\ntwo', bad('field_too_long')],
    ['long_text', {}, 'x'.repeat(1001), bad('field_too_long')],
    ['number', {}, '4,5', 4.5],
    ['number', {}, -7, -7],
    ['number', {}, '1e3', bad('not_a_number')],
    ['number', { min: 1 }, '0', bad('field_too_small')],
    ['number', { max: 9 }, '9.01', bad('field_too_large')],
    ['select', { options }, 'Green', 'Green'],
    ['select', { options }, 'green', bad('option_unknown')],
    ['radio', { options }, ['Red', 'Blue'], bad('field_invalid')],
    ['checkboxes', { options }, ['Blue', 'Red'], ['Red', 'Blue']],
    ['checkboxes', { options }, 'Red', ['Red']],
    ['multi_select', { options }, ['Red', 'Pink'], bad('option_unknown')],
    ['multi_select', { options, min: 2 }, ['Red'], bad('field_too_few')],
    ['multi_select', { options, max: 1 }, ['Red', 'Blue'], bad('field_too_many')],
    ['boolean', {}, 'on', true],
    ['boolean', {}, true, true],
    ['boolean', {}, false, false],
    ['boolean', {}, 'false', false],
    ['boolean', {}, 'perhaps', bad('field_invalid')],
    ['boolean', { required: true }, 'false', bad('tick_required')],
    ['boolean', { required: true }, false, bad('tick_required')],
    ['phone', {}, '+49 (30) 123-456', '+49 (30) 123-456'],
    ['phone', {}, 'call me', bad('phone_invalid')],
    ['email', {}, 'Bo@Example.net', 'bo@example.net'],
    ['email', {}, 'bo', bad('email_invalid')],
    ['emails', {}, 'a@example.net, B@example.net\na@example.net', ['a@example.net', 'b@example.net']],
    ['emails', {}, ['a@example.net', 'b'], bad('email_invalid')],
    ['emails', { max: 1 }, ['a@example.net', 'b@example.net'], bad('field_too_many')],
    ['address', {}, '1 Road\nTown', '1 Road\nTown'],
    ['address', {}, 'x'.repeat(501), bad('field_too_long')],
    ['url', {}, 'example.org/a b', 'https://example.org/a%20b'],
    ['url', {}, 'javascript:alert(1)', bad('link_invalid')],
    ['url', {}, 'https://me:pw@example.org', bad('link_invalid')],
    ['date', {}, '2028-02-29', '2028-02-29'],
    ['date', {}, '2027-02-29', bad('not_a_date')],
    ['time', {}, '23:59', '23:59'],
    ['time', {}, '24:00', bad('not_a_time')],
    ['rating', {}, '5', 5],
    ['rating', {}, '6', bad('field_too_large')],
    ['rating', { max: 10 }, '6', 6],
    ['rating', {}, '2.5', bad('field_invalid')],
    ['slider', {}, '0', 0],
    ['slider', { min: 5 }, '4', bad('field_too_small')],
    ['policy', { text: 'Pay' }, 'version of Pay', true],
    ['policy', { text: 'Pay' }, true, true],
    ['signature', {}, ' Bo Visitor ', 'Bo Visitor'],
    ['signature', {}, ['Bo Visitor', 'drawn:M1 2L30 40L5 6M7 8L600 200'], 'Bo Visitor'],
    ['signature', { required: true }, '', bad('field_required')],
    ['signature', {}, 'drawn:M1 2L30 40', bad('signature_needs_name')],
    ['signature', {}, ['Bo', 'Cy'], bad('field_invalid')],
    ['signature', {}, ['Bo', 'drawn:M1 2L3 4', 'drawn:M1 2L3 4'], bad('field_invalid')],
    ['signature', {}, ['Bo', 'drawn:M601 2L3 4'], bad('field_invalid')],
    ['signature', {}, ['Bo', 'drawn:M1 201L3 4'], bad('field_invalid')],
    ['signature', {}, ['Bo', 'drawn:M1 2'], bad('field_invalid')],
    ['signature', {}, ['Bo', 'drawn:L1 2L3 4'], bad('field_invalid')],
    ['signature', {}, ['Bo', 'drawn:M1 2C3 4 5 6 7 8'], bad('field_invalid')],
    ['signature', {}, ['Bo', 'drawn:M1 2L3 4"/><script>'], bad('field_invalid')],
    ['signature', {}, 'x'.repeat(201), bad('field_too_long')],
    ['signature', {}, 'two\nlines', bad('field_unreadable')],
    ['radio', { options: ['Red'], hideSingle: true, required: true }, [], 'Red'],
    ['radio', { options: ['Red'], hideSingle: true }, 'Blue', 'Red'],
    ['checkboxes', { options: ['Red'], hideSingle: true }, [], ['Red']],
    ['radio', { options: ['Red', 'Blue'], hideSingle: true }, [], null],
    ['file', {}, 'plan.pdf', 'plan.pdf'],
    ['policy', { text: 'Pay more' }, 'version of Pay', bad('policy_changed')],
  ]
  it.each(cases)('of type %s with %j: %j is %j', (type, more, value, expected) => {
    expect(outcome(ask(type, more), value)).toEqual(expected)
  })

  it.each(QUESTION_TYPES)('of type %s may be left out unless required', (type) => {
    const nothing = type === 'boolean' ? false : null
    for (const value of [undefined, '', [], ['  ']]) {
      expect(outcome(ask(type, { options }), value)).toBe(nothing)
      const code = type === 'boolean' || type === 'policy' ? 'tick_required' : 'field_required'
      expect(outcome(ask(type, { options, required: true }), value)).toBe(bad(code))
    }
  })

  it('keep the question as it was asked', () => {
    const { answers } = checkAnswers([ask('text', { label: 'Your company', hidden: true })], { q: 'Acme' }, versionOf)
    expect(answers).toEqual([{ key: 'q', label: 'Your company', type: 'text', hidden: true, value: 'Acme' }])
  })

  it('to questions that nobody asked are refused, names of object properties too', () => {
    for (const key of ['other', 'constructor', 'toString']) {
      expect(checkAnswers([ask('text')], { [key]: 'x' }, versionOf).problems).toMatchObject([
        { path: `answers.${key}`, code: 'question_unknown' },
      ])
    }
    expect(checkAnswers([ask('text', { key: 'constructor' })], {}, versionOf)).toEqual({ answers: [], problems: [] })
  })

  it('of any kind are an answer or a problem, never a fault', () => {
    const questions = QUESTION_TYPES.map((type) => ask(type, { key: type, options, required: true }))
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string(), { maxLength: 5 }))
    const raw = fc.record(Object.fromEntries(QUESTION_TYPES.map((type) => [type, value])))
    fc.assert(
      fc.property(raw, (all) => {
        const parsed = rawAnswers.safeParse(all)
        if (!parsed.success) return
        const { answers, problems } = checkAnswers(questions, parsed.data, versionOf)
        expect(answers.length + problems.length).toBe(QUESTION_TYPES.length)
        for (const answer of answers) expect(typeof answerText(answer)).toBe('string')
      }),
      { numRuns: 200 },
    )
  })
})

describe('conditions', () => {
  const first = ask('select', { key: 'first', options: ['Yes', 'No'] })
  const second = ask('text', { key: 'second', required: true, showWhen: { key: 'first', is: 'equals', value: 'yes' } })
  const third = ask('text', { key: 'third', showWhen: { key: 'second', is: 'contains', value: 'acme' } })
  const all = [first, second, third]
  const keys = (answers: Record<string, string[]>) => askedQuestions(all, answers).map(({ key }) => key)

  it('decide what is asked, one after the other', () => {
    expect(keys({})).toEqual(['first'])
    expect(keys({ first: ['No'], second: ['Acme'] })).toEqual(['first'])
    expect(keys({ first: ['Yes'] })).toEqual(['first', 'second'])
    expect(keys({ first: ['Yes'], second: ['The ACME Ltd'] })).toEqual(['first', 'second', 'third'])
  })

  it('can be about being answered at all', () => {
    const on = (is: 'set' | 'unset') => ask('text', { key: 'on', showWhen: { key: 'tick', is, value: '' } })
    const tick = ask('boolean', { key: 'tick' })
    expect(askedQuestions([tick, on('set')], { tick: ['true'] })).toHaveLength(2)
    expect(askedQuestions([tick, on('set')], {})).toHaveLength(1)
    expect(askedQuestions([tick, on('unset')], {})).toHaveLength(2)
  })

  it('leave out answers to what was not asked, and ask for none', () => {
    expect(
      checkAnswers(all, { first: 'No', second: 'Acme', third: 'x' }, versionOf).answers.map(({ key }) => key),
    ).toEqual(['first'])
    expect(checkAnswers(all, { first: 'Yes' }, versionOf).problems).toMatchObject([
      { path: 'answers.second', code: 'field_required' },
    ])
  })
})

describe('answers as they are read', () => {
  const read = (type: QuestionType, value: string | number | boolean | string[], locale = 'en') =>
    answerLines({ key: 'q', label: '', type, hidden: false, value }, locale, { yes: 'yes', no: 'no' })

  it('follow their question on one line, which has a mark of its own or gets a colon', () => {
    const line = (label: string) =>
      answerLine({ key: 'q', label, type: 'text', hidden: false, value: 'Lentils' }, 'en', { yes: 'yes', no: 'no' })
    expect(line('Soup')).toBe('Soup: Lentils')
    expect(line('Which soup?')).toBe('Which soup? Lentils')
  })

  it('are in the language of the reader', () => {
    expect(read('boolean', true)).toEqual(['yes'])
    expect(read('number', 1234.5, 'de')).toEqual(['1.234,5'])
    expect(read('date', '2026-12-24')).toEqual(['Thursday, December 24, 2026'])
    expect(read('address', '1 Road\nTown')).toEqual(['1 Road', 'Town'])
    expect(read('emails', ['a@example.net', 'b@example.net'])).toEqual(['a@example.net', 'b@example.net'])
  })
})

describe('signatures', () => {
  const signature = ask('signature')
  it('are kept as the name and the drawing', () => {
    const { answers } = checkAnswers([signature], { q: ['drawn:M1 2L30 40', 'Bo Visitor'] }, versionOf)
    expect(answers).toEqual([
      { key: 'q', label: 'Question', type: 'signature', hidden: false, value: 'Bo Visitor', drawing: 'M1 2L30 40' },
    ])
  })

  it('take no path but lines within the drawing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ML 0123456789.-,eZ<"'), maxLength: 30 }), (path) => {
        const { answers } = checkAnswers([signature], { q: ['Bo', `drawn:${path}`] }, versionOf)
        const numbers = (answers[0]?.drawing ?? '').match(/\d+/g) ?? []
        return numbers.every((number, i) => Number(number) <= (i % 2 === 0 ? 600 : 200))
      }),
    )
  })
})

describe('the only choice there is', () => {
  it('is an answer that nobody has seen', () => {
    const single = ask('select', { options: ['Red'], hideSingle: true })
    expect(checkAnswers([single], {}, versionOf).answers).toMatchObject([{ value: 'Red', hidden: true }])
    expect(askedQuestion(single, { isAnswered: true, policyOf: () => ({ html: '', version: '' }) }).hidden).toBe(true)
  })

  it('answers nothing where the question is not meant', () => {
    const first = ask('text', { key: 'first' })
    const then = ask('select', { options: ['Red'], hideSingle: true, showWhen: { key: 'first', is: 'set', value: '' } })
    expect(checkAnswers([first, then], {}, versionOf).answers).toEqual([])
    expect(checkAnswers([first, then], { first: 'x' }, versionOf).answers).toHaveLength(2)
  })
})
