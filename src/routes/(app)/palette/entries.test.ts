import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '#platform/i18n/locale.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { settingsPages } from '../settings/pages.ts'
import { ENTRIES, type Entry, entriesFor } from './entries.ts'

const all: readonly Entry[] = ENTRIES
const AREAS = ['palette', 'access', 'settings', 'account', 'bookings', 'event-types', 'schedules', 'privacy'] as const

describe('entries of the palette', () => {
  it('have an id and keys of their own, and no keys that begin others', () => {
    const ids = all.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const keys = all.flatMap((one) => one.keys ?? [])
    expect(keys.filter((one) => !/^[a-z] [a-z]$/.test(one))).toEqual([])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('lead to pages that exist', () => {
    const paths = all.flatMap(({ href }) => href?.split('?')[0] ?? [])
    expect(paths.length).toBeGreaterThan(30)
    for (const path of paths) {
      // Each list of bookings is one page.
      const route = path.replace(/\/bookings\/(upcoming|unconfirmed|past|cancelled)$/, '/bookings/[tab]')
      const page = new URL(`..${route}/+page.svelte`, import.meta.url)
      expect([path, existsSync(page)]).toEqual([path, true])
    }
  })

  it('lead to every page of the settings, for those who have it', () => {
    for (const role of ['member', 'owner'] as const) {
      const paths = entriesFor({ role, catcher: false }).map(({ href }) => href)
      for (const page of settingsPages(role)) expect(paths).toContain(`/settings/${page}`)
    }
    expect(entriesFor({ role: 'member', catcher: false }).map(({ id }) => id)).not.toContain('settings-deliveries')
  })

  it('lead to caught mails only where mails are caught', () => {
    const idsFor = (catcher: boolean) => entriesFor({ role: 'owner', catcher }).map(({ id }) => id)
    expect([idsFor(true).includes('mails'), idsFor(false).includes('mails')]).toEqual([true, false])
  })

  it.each(LOCALES)('have their words in %s', (locale) => {
    const texts = messagesOf(locale, AREAS)
    const missing = all.flatMap(({ label, words, on }) => [label, words, on]).filter((key) => key && !texts[key])
    expect(missing).toEqual([])
  })
})
