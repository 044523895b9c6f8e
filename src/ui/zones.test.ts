import { describe, expect, it } from 'vitest'
import { zoneOptions, zoneSearch } from './zones.ts'

/** Northern winter. */
const AT = Date.parse('2026-11-20T12:00:00Z')
const search = zoneSearch(zoneOptions('Europe/Berlin', AT), 'en', AT)
const found = (query: string) => search(query).map((option) => option.id)

describe('zoneSearch', () => {
  it.each([
    ['berl', 'Europe/Berlin'],
    ['New York', 'America/New_York'],
    ['sao paulo', 'America/Sao_Paulo'],
    ['São', 'America/Sao_Paulo'],
    ['san francisco', 'America/Los_Angeles'],
    ['europe/lis', 'Europe/Lisbon'],
    ['gmt+5:45', 'Asia/Katmandu'],
    ['utc+5:45', 'Asia/Katmandu'],
    ['UTC', 'UTC'],
  ])('finds by %s', (query, id) => {
    const same = id === 'Asia/Katmandu' ? ['Asia/Katmandu', 'Asia/Kathmandu'] : [id]
    expect(same).toContain(found(query)[0])
  })

  it('finds by the name of the zone in the language of the reader', () => {
    const german = zoneSearch(zoneOptions('UTC', AT), 'de', AT)
    expect(german('mitteleuropäische').map((option) => option.id)).toContain('Europe/Vienna')
  })

  it('finds nothing for nonsense, and everything for nothing', () => {
    expect(found('qqqq')).toEqual([])
    expect(found(' ').length).toBeGreaterThan(300)
  })
})

describe('zoneOptions', () => {
  it('goes from west to east and keeps the current zone under the name it has', () => {
    const options = zoneOptions('US/Pacific', AT)
    expect(options.map((option) => option.id)).toContain('US/Pacific')
    expect(options[0]?.offset).toBe('GMT-11')
    expect(options.at(-1)?.offset).toBe('GMT+14')
    const buenosAires = options.find((option) => option.city === 'Buenos Aires')
    expect(buenosAires?.offset).toBe('GMT-3')
  })

  it('leaves out a current zone that does not exist', () => {
    expect(zoneOptions('Mars/Olympus', AT).map((option) => option.id)).not.toContain('Mars/Olympus')
  })
})
