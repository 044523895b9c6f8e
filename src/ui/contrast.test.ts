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
      expect(accentStyle(text)).toBe('')
    }
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
