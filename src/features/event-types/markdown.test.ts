import { describe, expect, it } from 'vitest'
import { markdownText, renderMarkdown } from './markdown.ts'

describe('renderMarkdown', () => {
  it('renders what people write', () => {
    expect(renderMarkdown('# Agenda\n\n- **one**\n- see https://example.org')).toBe(
      '<h3>Agenda</h3>\n<ul>\n<li><strong>one</strong></li>\n<li>see <a href="https://example.org" rel="noopener nofollow" target="_blank">https://example.org</a></li>\n</ul>\n',
    )
    expect(renderMarkdown('[mail](mailto:a@example.org)')).toContain('href="mailto:a@example.org"')
  })

  it.each([
    ['## A\n\n## B', ['h3', 'h3']],
    ['# A\n\n### B\n\n# C', ['h3', 'h4', 'h3']],
    ['### A\n\n# B\n\nC\n---', ['h3', 'h3', 'h4']],
  ])('puts headings below those of the page, without a gap: %j', (markdown, tags) => {
    const html = renderMarkdown(markdown)
    expect([...html.matchAll(/<(h\d)>/g)].map(([, tag]) => tag)).toEqual(tags)
    expect([...html.matchAll(/<\/(h\d)>/g)].map(([, tag]) => tag)).toEqual(tags)
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt&#58;alert(1))',
    '[a](java\nscript:alert(1))',
    '[a](vbscript:x)',
    '[a](data:text/html;base64,PHNjcmlwdD4=)',
    '[a](//evil.example)',
    '[a](/settings)',
    '[a](file:///etc/passwd)',
    '![x](https://tracker.example/p.gif)',
    '[a]: javascript:alert(1)\n\n[a]',
    '<javascript:alert(1)>',
    '<a href="https://x.example" onclick="alert(1)">x</a>',
    '[x](https://a.example "\\" onmouseover=alert(1) \\"")',
  ])('does nothing with %j', (text) => {
    const html = renderMarkdown(text)
    const tags = [...html.matchAll(/<(\w+)([^>]*)>/g)]
    for (const [, tag, attributes] of tags) {
      expect(['p', 'a', 'br', 'em', 'strong']).toContain(tag)
      const names = attributes?.replace(/"[^"]*"/g, '').match(/[^\s=]+/g) ?? []
      expect(['href', 'rel', 'target', 'title']).toEqual(expect.arrayContaining(names))
      const href = /href="([^"]*)"/.exec(attributes ?? '')?.[1]
      if (href !== undefined) expect(href).toMatch(/^(https?:\/\/|mailto:)/)
    }
    expect(html).not.toMatch(/<(script|img|svg)/i)
  })

  it('stays quick on text made to be slow', () => {
    const started = performance.now()
    for (const text of [
      '['.repeat(10_000),
      '>'.repeat(10_000),
      '*a_'.repeat(3300),
      '`'.repeat(10_000),
      '- '.repeat(5000),
    ]) {
      renderMarkdown(text)
    }
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('markdownText', () => {
  it('keeps the words', () => {
    expect(markdownText('# Hello\n\nA **bold** [link](https://example.org),\nthen `code`.', 100)).toBe(
      'Hello A bold link, then code.',
    )
    expect(markdownText('a < b & c', 100)).toBe('a < b & c')
  })
  it('is cut at its length', () => {
    expect(markdownText('word '.repeat(100), 20)).toBe('word word word word…')
  })
})
