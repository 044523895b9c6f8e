import { describe, expect, it } from 'vitest'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { fitted, freeKey, isKey, newQuestion, newTitleQuestion } from './rules.ts'
import { mailList, questionList } from './schema.ts'
import { QUESTION_TYPES, type QuestionType } from './types.ts'

const question = (more: object = {}) => ({ key: 'company', type: 'text', label: 'Company', ...more })

function problemsOf(list: unknown): string[] {
  try {
    parseInput(questionList, list)
    return []
  } catch (error) {
    if (!isAppError(error)) throw error
    return (error.details.fields as { path: string; code: string }[]).map(({ path, code }) => `${path}: ${code}`)
  }
}

describe('keys of answers', () => {
  it('are made of the label, each one its own', () => {
    expect(freeKey('Your company?', [])).toBe('your-company')
    expect(freeKey('Größe & Gewicht', [])).toBe('grosse-gewicht')
    expect(freeKey('Company', ['company', 'company-2'])).toBe('company-3')
    expect(freeKey('会社', [])).toBe('question')
    expect(freeKey('E-Mail', [])).toBe('e-mail')
    expect(freeKey('x'.repeat(300), []).length).toBeLessThanOrEqual(60)
  })

  it('are none that the form has already', () => {
    expect(freeKey('Email', [])).toBe('email-answer')
    expect(['email', 'cal.tz', '__proto__', 'a/b', '-a', 'a-', 'A', 'location', ''].filter(isKey)).toEqual([])
    expect(['company', 'a', 'size_2', 'what-is-it'].every(isKey)).toBe(true)
  })
})

describe('what the meeting is about', () => {
  const about = newTitleQuestion('What about?')

  it('is asked by a short text with a key of its own, when something is booked', () => {
    expect(parseInput(questionList, [{ ...about, onlyMoving: true, eachPerson: true }])).toEqual([about])
    expect(freeKey('Title', [])).toBe('title-answer')
  })

  it.each(['select', 'long_text', 'emails', 'policy'] as const)('is asked by no %s', (type) => {
    const asked = { ...about, type, options: ['a'], text: 'T' }
    expect(() => parseInput(questionList, [asked])).toThrow(
      expect.objectContaining({
        details: { fields: [expect.objectContaining({ path: '0.key', code: 'key_invalid' })] },
      }),
    )
  })

  it('is asked once', () => {
    expect(() => parseInput(questionList, [about, about])).toThrow(
      expect.objectContaining({ details: { fields: [expect.objectContaining({ path: '1.key', code: 'key_twice' })] } }),
    )
  })
})

describe('a list of questions', () => {
  it('takes every type, and keeps only what means something to it', () => {
    const all = QUESTION_TYPES.map((type) => ({
      ...newQuestion(type, type, []),
      ...{ options: type === 'file' ? ['pdf'] : ['a', 'b'], min: 2, max: 4, text: 'T' },
    }))
    const checked = parseInput(questionList, all)
    expect(checked.map(({ type }) => type)).toEqual(QUESTION_TYPES)
    expect(checked.find(({ type }) => type === 'phone')).toMatchObject({ options: [], min: null, max: null })
    expect(checked.find(({ type }) => type === 'radio')).toMatchObject({ options: ['a', 'b'], min: null, max: null })
    expect(checked.find(({ type }) => type === 'checkboxes')).toMatchObject({ options: ['a', 'b'], min: 2, max: 4 })
    expect(checked.find(({ type }) => type === 'rating')).toMatchObject({ min: null, max: 4 })
    expect(checked.find(({ type }) => type === 'file')).toMatchObject({ options: ['pdf'], min: null, max: 4 })
  })

  it('has policies agreed to by everybody, and by no link', () => {
    const policy = { ...newQuestion('policy', 'I agree', []), hidden: true, lockPrefilled: true, text: 'Pay in time.' }
    const [checked] = parseInput(questionList, [policy])
    expect(checked).toMatchObject({ required: true, hidden: false, lockPrefilled: false, text: 'Pay in time.' })
  })

  it('makes nobody answer what nobody sees', () => {
    expect(fitted({ ...newQuestion('text', 'Source', []), hidden: true, required: true }).required).toBe(false)
  })

  it('refuses what would not work', () => {
    expect(problemsOf([question({ key: 'email' })])).toEqual(['0.key: key_invalid'])
    expect(problemsOf([question(), question()])).toEqual(['1.key: key_twice'])
    expect(problemsOf([question({ type: 'radio' })])).toEqual(['0.options: options_required'])
    expect(problemsOf([question({ type: 'radio', options: ['a', 'a'] })])).toEqual(['0.options.1: option_twice'])
    expect(problemsOf([question({ min: 20, max: 10 })])).toEqual(['0.max: max_below_min'])
    expect(problemsOf([question({ max: 301 })])).toEqual(['0.max: bound_out_of_range'])
    expect(problemsOf([question({ type: 'slider', min: 20 })])).toEqual(['0.max: max_below_min'])
    expect(problemsOf([question({ type: 'rating', max: 11 })])).toEqual(['0.max: bound_out_of_range'])
    expect(problemsOf([question({ type: 'script' })])).toEqual(['0.type: field_invalid'])
    expect(problemsOf([question({ type: 'policy' })])).toEqual(['0.text: field_required'])
    expect(problemsOf([question({ type: 'file', options: ['exe'] })])).toEqual(['0.options: option_unknown'])
    const files = ['a', 'b', 'c'].map((key) => question({ key, type: 'file' }))
    expect(problemsOf(files)).toEqual([': too_many_files'])
    expect(problemsOf([question({ label: '' })])).toEqual(['0.label: field_required'])
    expect(problemsOf([question({ price: 3 })])).toEqual(['0: field_unknown'])
  })

  it('asks nothing on a condition that is not answered before', () => {
    const when = (key: string) => question({ key: 'other', showWhen: { key, is: 'set' } })
    expect(problemsOf([question(), when('company')])).toEqual([])
    expect(problemsOf([when('company'), question()])).toEqual(['0.showWhen: condition_not_before'])
    expect(problemsOf([when('other')])).toEqual(['0.showWhen: condition_not_before'])
    expect(problemsOf([question(), question({ key: 'b', showWhen: { key: 'company', is: 'equals' } })])).toEqual([
      '1.showWhen.value: field_required',
    ])
  })

  it('asks nothing on a condition that is answered at another time', () => {
    const moving = question({ key: 'why', onlyMoving: true })
    const after = question({ key: 'more', onlyMoving: true, showWhen: { key: 'why', is: 'set' } })
    expect(problemsOf([moving, after])).toEqual([])
    expect(problemsOf([moving, { ...after, onlyMoving: false }])).toEqual(['1.showWhen: condition_another_time'])
    expect(problemsOf([question(), { ...after, showWhen: { key: 'company', is: 'set' } }])).toEqual([
      '1.showWhen: condition_another_time',
    ])
  })

  it('has no signature by a link, and no file when something is moved', () => {
    const every = { hidden: true, lockPrefilled: true, onlyMoving: true, hideSingle: true }
    const fittedOf = (type: QuestionType) => fitted({ ...newQuestion(type, type, []), ...every })
    expect(fittedOf('signature')).toMatchObject({
      hidden: false,
      lockPrefilled: false,
      onlyMoving: true,
      hideSingle: false,
    })
    expect(fittedOf('file')).toMatchObject({ hidden: false, lockPrefilled: false, onlyMoving: false })
    expect(fittedOf('radio')).toMatchObject({ hidden: true, lockPrefilled: true, onlyMoving: true, hideSingle: true })
    expect(fittedOf('policy')).toMatchObject({ hidden: false, onlyMoving: true, hideSingle: false })
  })

  it('asks each person only what one can answer for another, when it is asked of somebody', () => {
    const each = (more: object) => problemsOf([question({ eachPerson: true, ...more })])
    expect(each({})).toEqual([])
    expect(each({ type: 'radio', options: ['a'], hideSingle: true, required: true, lockPrefilled: true })).toEqual([])
    for (const type of ['file', 'signature', 'slider', 'policy'])
      expect(each({ type, text: type === 'policy' ? 'Be kind' : '' })).toEqual(['0.eachPerson: each_not_of_type'])
    expect(each({ hidden: true })).toEqual(['0.eachPerson: each_not_hidden'])
    expect(each({ onlyMoving: true })).toEqual(['0.eachPerson: each_not_moving'])
    const many = (n: number) => Array.from({ length: n }, (_, i) => question({ key: `q${i}`, eachPerson: true }))
    expect(problemsOf(many(10))).toEqual([])
    expect(problemsOf(many(11))).toEqual([': too_many_each'])
  })

  it('has limits', () => {
    const many = (n: number, more: object = {}) =>
      Array.from({ length: n }, (_, i) => question({ key: `q${i}`, ...more }))
    expect(problemsOf(many(50))).toEqual([])
    expect(problemsOf(many(51))).toEqual([': field_too_many'])
    const options = Array.from({ length: 100 }, (_, i) => `${i} ${'x'.repeat(150)}`)
    expect(problemsOf(many(10, { type: 'radio', options }))).toEqual([': form_too_large'])
  })
})

describe('a list of mail addresses and domains', () => {
  it('is kept in one spelling, each once', () => {
    const list = ['Example.ORG', '@example.org', 'Ann@Example.net', 'bücher.example']
    expect(parseInput(mailList, list)).toEqual(['example.org', 'ann@example.net', 'xn--bcher-kva.example'])
  })

  it('refuses what is neither', () => {
    for (const bad of ['', '@', 'org', 'a@b@c', 'a b.org', '*.example.org', 'a@']) {
      expect(() => parseInput(mailList, [bad]), bad).toThrow('invalid_input')
    }
  })
})
