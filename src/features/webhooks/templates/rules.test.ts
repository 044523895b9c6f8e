import { describe, expect, it } from 'vitest'
import { contentTypeOf, render, TemplateFailure, templateProblem } from './rules.ts'

const context = {
  title: 'A "quoted"\nline \\ with <b>',
  organizer: { name: 'Ada', language: { locale: 'en' } },
  attendees: [
    { name: 'Bo', email: 'bo@example.net', tags: ['a', 'b'] },
    { name: 'Cy', email: 'cy@example.net', tags: [] },
  ],
  location: '',
  length: 30,
  none: null,
  yes: true,
}

const body = (template: string) => render(template, context).body

function problem(template: string): string {
  try {
    return `made: ${body(template)}`
  } catch (failure) {
    if (failure instanceof TemplateFailure) return failure.code
    throw failure
  }
}

describe('a template', () => {
  it('is JSON when it begins like that, and a form otherwise', () => {
    expect(contentTypeOf(' {"a": 1}')).toBe('application/json')
    expect(contentTypeOf('[]')).toBe('application/json')
    expect(contentTypeOf('a={{title}}')).toBe('application/x-www-form-urlencoded')
    expect(contentTypeOf('{{title}}')).toBe('application/x-www-form-urlencoded')
  })

  it('is filled with what stands under names, whatever characters are in it', () => {
    const made = JSON.parse(
      body('{"title":"{{title}}","who":"{{ organizer.name }}","first":"{{attendees.0.email}}","min":{{length}}}'),
    )
    expect(made).toEqual({ title: context.title, who: 'Ada', first: 'bo@example.net', min: 30 })
    expect(body('t={{title}}&w={{organizer.name}}')).toBe(`t=${encodeURIComponent(context.title)}&w=Ada`)
  })

  it('leaves out what is not there', () => {
    expect(body('{"a":"{{nobody}}","b":"{{none}}","c":"{{attendees.7.name}}","d":"{{title.length}}"}')).toBe(
      '{"a":"","b":"","c":"","d":""}',
    )
    expect(body('{"a":"{{constructor}}{{__proto__.polluted}}{{organizer.toString}}"}')).toBe('{"a":""}')
  })

  it('gives whole objects as JSON', () => {
    expect(JSON.parse(body('{"who":{{organizer}},"all":{{attendees}}}'))).toEqual({
      who: context.organizer,
      all: context.attendees,
    })
  })

  it('repeats and decides', () => {
    const list =
      '[{{#each attendees}}{"n":"{{name}}","i":{{@index}},"host":"{{organizer.name}}"}{{#unless @last}},{{/unless}}{{/each}}]'
    expect(JSON.parse(body(list))).toEqual([
      { n: 'Bo', i: 0, host: 'Ada' },
      { n: 'Cy', i: 1, host: 'Ada' },
    ])
    expect(body('x{{#each attendees}}({{#each tags}}{{this}}{{else}}-{{/each}}){{/each}}')).toBe('x(ab)(-)')
    expect(body('x{{#if location}}{{location}}{{else}}nowhere{{/if}}{{#if yes}}!{{/if}}{{#if none}}?{{/if}}')).toBe(
      'xnowhere!',
    )
  })

  it.each([
    ['{"a": "{{title"}', 'template_not_closed'],
    ['{"a": {{#if yes}}1}', 'template_not_closed'],
    ['x{{#if yes}}1{{/each}}', 'template_tag_unknown'],
    ['x{{/if}}', 'template_tag_unknown'],
    ['x{{else}}', 'template_tag_unknown'],
    ['x{{#with organizer}}{{/with}}', 'template_tag_unknown'],
    ['x{{{title}}}', 'template_tag_unknown'],
    ['x{{> partial}}', 'template_tag_unknown'],
    ['x{{title.toUpperCase()}}', 'template_tag_unknown'],
    ['x{{lookup a b}}', 'template_tag_unknown'],
    [`x${'{{#if yes}}'.repeat(6)}${'{{/if}}'.repeat(6)}`, 'template_too_deep'],
  ])('%s is refused: %s', (template, code) => {
    expect(templateProblem(template)).toBe(code)
    expect(problem(template)).toBe(code)
  })

  it('has to come out as JSON where it is JSON', () => {
    expect(problem('{"a": {{title}}}')).toBe('template_not_json')
    expect(problem('{"a": "{{title}}",}')).toBe('template_not_json')
  })

  it('cannot be made to grow without end', () => {
    const many = { list: Array.from({ length: 1000 }, () => 'x') }
    const nested = `x${'{{#each list}}'.repeat(4)}y${'{{/each}}'.repeat(4)}`
    expect(() => render(nested, many)).toThrow('template_too_long')
  })
})
