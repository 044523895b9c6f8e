import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isReservedUsername } from '#features/accounts/rules.ts'
import { needsSession, safeNext, signInPath, wantsData } from './gate.ts'

const ROUTES = new URL('../routes/', import.meta.url)

/** As Kit derives them: folders with a page or an endpoint in them. */
const routeIds = [
  ...new Set(
    readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => /(^|\/)\+(page|server)(@[^/]*)?\.(svelte|ts|server\.ts)$/.test(path))
      .map((path) => `/${path.slice(0, Math.max(0, path.lastIndexOf('/')))}`),
  ),
]

describe('routes', () => {
  it('lie in the folders that say who may open them', () => {
    expect(routeIds).toContain('/(app)/settings/profile')
    const folders = new Set(routeIds.map((id) => /^\/(\([^)]+\))?/.exec(id)?.[1] ?? id))
    expect([...folders].sort()).toEqual(['(app)', '(auth)', '(public)', '/'])
  })

  it.each(routeIds)('%s is open only to those it is for', (id) => {
    expect(needsSession(id)).toBe(id.startsWith('/(app)/'))
  })

  it('need a session in folders nobody thought of', () => {
    for (const id of ['/admin', '/(new)/x', '/x/(public)/y', '/(public)x', '/(publicity)/x']) {
      expect(needsSession(id)).toBe(true)
    }
  })

  it('have first parts that nobody can have as a username', () => {
    const first = routeIds.map((id) => id.replace(/\/\([^)]+\)/g, '').split('/')[1] ?? '')
    for (const part of first.filter((one) => one !== '' && !one.startsWith('['))) {
      expect([part, isReservedUsername(part)]).toEqual([part, true])
    }
    for (const file of readdirSync(new URL('../../static/', import.meta.url))) {
      if (/^[a-z0-9]/.test(file)) expect([file, isReservedUsername(file)]).toEqual([file, true])
    }
  })
})

describe('safeNext', () => {
  it.each([
    ['/settings/profile', '/settings/profile'],
    ['/bookings/past?page=2', '/bookings/past?page=2'],
    ['/bookings/past#x', '/bookings/past'],
    ['/a/../settings', '/settings'],
  ])('%s', (next, path) => {
    expect(safeNext(next)).toBe(path)
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/.//evil.example',
    '/x/..//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' /settings',
    '',
    'settings',
    '/auth/sign-out',
    `/${'x'.repeat(1e6)}`,
    null,
    new File(['x'], '/x'),
  ])('%j leads to the start', (next) => {
    expect(safeNext(next)).toBe('/home')
  })
})

it('asks to sign in and comes back, without repeating a form', () => {
  const url = new URL('http://here/bookings/past?page=2')
  expect(signInPath({ method: 'GET', url })).toBe('/auth/sign-in?next=%2Fbookings%2Fpast%3Fpage%3D2')
  expect(signInPath({ method: 'POST', url })).toBe('/auth/sign-in?next=%2Fbookings%2Fpast')
})

it.each([
  [{ accept: 'application/json' }, true],
  [{ accept: 'text/html,application/json;q=0.9' }, false],
  [{ accept: '*/*' }, false],
  [{}, false],
  [{ accept: 'application/json', 'x-sveltekit-action': 'true' }, false],
])('%j wants data: %s', (headers, data) => {
  expect(wantsData(new Headers(headers as Record<string, string>))).toBe(data)
})
