import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { apiRoutes } from './api.ts'
import { loggedPath } from './logged-path.ts'

const ROUTES = join(import.meta.dirname, '..', 'routes')
/** Names that stand in addresses for everybody to see. */
const PUBLIC_NAMES = new Set(['user', 'username', 'slug'])

it.each([
  ['/auth/reset/sEcRet', '/auth/reset/…'],
  ['/auth/return/sEcRet', '/auth/return/…'],
  ['/auth/link/sEcRet', '/auth/link/…'],
  ['/settings/security/address/sEcRet', '/settings/security/address/…'],
  ['/feeds/sEcRet.ics?x=1', '/feeds/…'],
  ['/d/sEcRet/talk/slots?month=2026-01', '/d/…/talk/slots'],
  ['/booking/sEcRet/calendar.ics', '/booking/…/calendar.ics'],
  ['/bookings/detail/sEcRet/cancel', '/bookings/detail/…/cancel'],
  ['/v2/schedules/sEcRet?x=1', '/v2/schedules/…'],
  ['/v2/event-types/12/private-links/sEcRet', '/v2/event-types/12/private-links/…'],
  ['/api/v2/schedules/default', '/api/v2/schedules/default'],
  ['/v2/sEcRet/12', '/v2/…/12'],
  ['/bookings/upcoming', '/bookings/upcoming'],
  ['/ada/talk?slot=1', '/ada/talk'],
  ['/', '/'],
])('%s is logged as %s', (path, logged) => {
  expect(loggedPath(path)).toBe(logged)
})

it('leaves no key of any page that is reachable without signing in', () => {
  const pages = globSync('(public)/**/+{page.svelte,server.ts}', { cwd: ROUTES })
  const paths = [...pages, ...globSync('(auth)/**/+page.svelte', { cwd: ROUTES })].map((file) =>
    `/${file.split('/').slice(1, -1).join('/')}`.replace(/\[([.\w]+)\]/g, (_, name) =>
      PUBLIC_NAMES.has(name) ? name : 'sEcRet',
    ),
  )
  expect(paths.filter((path) => path.includes('sEcRet')).length).toBeGreaterThan(5)
  expect(paths.filter((path) => loggedPath(path).includes('sEcRet'))).toEqual([])
})

it('leaves no key of any route of the API', () => {
  const paths = apiRoutes.map(({ path }) => `/v2${path.replaceAll(/\{\w+\}/g, 'sEcRet')}`)
  expect(paths.filter((path) => path.includes('sEcRet')).length).toBeGreaterThan(5)
  expect(paths.filter((path) => loggedPath(path).includes('sEcRet'))).toEqual([])
})
