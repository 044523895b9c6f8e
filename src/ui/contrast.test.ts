import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accentFor, accentStyle, contrastRatio, markColor, parseHex, type Rgb, toHex } from './contrast.ts'

const rgb = (hex: string) => parseHex(hex) as Rgb
const anyColor = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((one) => toHex(one))
/** Every surface of tokens.css. */
const SURFACES = {
  light: ['#f7f4ee', '#fffdf9', '#efeae0', '#ffffff'],
  dark: ['#14130f', '#1c1a16', '#0f0e0b', '#26231e'],
} as const

describe('contrastRatio', () => {
  it('agrees with the examples of WCAG', () => {
    expect(contrastRatio(rgb('#000'), rgb('#fff'))).toBeCloseTo(21, 5)
    expect(contrastRatio(rgb('#777777'), rgb('#ffffff'))).toBeCloseTo(4.48, 2)
    expect(contrastRatio(rgb('#fff'), rgb('#fff'))).toBe(1)
  })
})

describe('accentFor', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`is legible on every ${theme} surface, whatever colour a host chooses`, () => {
      fc.assert(
        fc.property(anyColor, (hex) => {
          const accent = accentFor(hex, theme)
          if (!accent) throw new Error(`${hex} is a colour`)
          expect(contrastRatio(rgb(accent.onFill), rgb(accent.fill))).toBeGreaterThanOrEqual(4.5)
          for (const surface of SURFACES[theme]) {
            expect(contrastRatio(rgb(accent.ink), rgb(surface))).toBeGreaterThanOrEqual(4.5)
            expect(contrastRatio(rgb(accent.fill), rgb(surface))).toBeGreaterThanOrEqual(3)
          }
        }),
      )
    })
  }

  it('leaves a colour alone that is legible as it is', () => {
    expect(accentFor('#0d4f8b', 'light')).toEqual({ fill: '#0d4f8b', onFill: '#ffffff', ink: '#0d4f8b' })
  })

  it('refuses what is no colour', () => {
    for (const text of ['', 'red', '#12', '#1234567', '#ggg', '#fff;--x:1']) {
      expect(accentFor(text, 'light')).toBeNull()
      expect(accentStyle(text, null)).toBe('')
      expect(accentStyle(null, text)).toBe('')
    }
  })
})

describe('the style of a host’s colours', () => {
  const accents = (style: string) => Object.fromEntries(style.split(';').map((one) => one.split(':')))

  it('has each theme’s own, and the one of light pages for dark ones where there is none', () => {
    const pair = accents(accentStyle('#0d4f8b', '#ffcc88'))
    expect(pair).toMatchObject({ '--accent-light': '#0d4f8b', '--accent-dark': '#ffcc88' })
    const derived = accents(accentStyle('#0d4f8b', null))
    expect(derived['--accent-dark']).toBe(accentFor('#0d4f8b', 'dark')?.fill)
    expect({ ...pair, ...derived }).toEqual(derived)
  })

  it('leaves light pages the colour of the product where only dark ones have one', () => {
    expect(Object.keys(accents(accentStyle(null, '#ffcc88')))).toEqual([
      ...['--accent-dark', '--on-accent-dark', '--accent-ink-dark'],
    ])
    expect(accentStyle(null, null)).toBe('')
  })

  it('is legible in both, whatever pair was chosen', () => {
    fc.assert(
      fc.property(anyColor, anyColor, (light, dark) => {
        const style = accents(accentStyle(light, dark))
        for (const theme of ['light', 'dark'] as const)
          for (const surface of SURFACES[theme])
            expect(contrastRatio(rgb(style[`--accent-ink-${theme}`] ?? ''), rgb(surface))).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })
})

describe('the colour of a mark', () => {
  it('can be seen on every surface of both themes, whatever was chosen', () => {
    fc.assert(
      fc.property(anyColor, fc.option(anyColor), (light, dark) => {
        const [onLight = '', onDark = ''] = markColor(light, dark)?.match(/#[0-9a-f]{6}/g) ?? []
        for (const surface of SURFACES.light)
          expect(contrastRatio(rgb(onLight), rgb(surface))).toBeGreaterThanOrEqual(3)
        for (const surface of SURFACES.dark) expect(contrastRatio(rgb(onDark), rgb(surface))).toBeGreaterThanOrEqual(3)
      }),
    )
  })

  it('is the chosen one where it can be seen', () => {
    expect(markColor('#0d6b5f', '#7fd6c8')).toBe('light-dark(#0d6b5f, #7fd6c8)')
    expect(markColor(null, '#7fd6c8')).toMatch(/, #7fd6c8\)$/)
    expect(markColor(null, null)).toBeNull()
  })
})
