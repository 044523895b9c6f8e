/**
 * Stands between a host's own browser and the server, and does two things: it keeps scripts and styles, whose names change with what is
 * in them, and it says in words that the server cannot be reached. Pages and data are never kept: they are private. Nobody but hosts
 * gets it (src/routes/(app)/Installable.svelte), and visitors' pages pass it untouched.
 */
import { isLocale } from '#platform/i18n/locale.ts'
import { immutable } from '$app/manifest'
import { self } from '$app/service-worker'
import { isDashboard } from '../dashboard-paths.ts'
import { offlinePage } from '../offline-page.ts'

const CACHE = 'sundial-immutable'
const own = new Set(immutable.map(({ path }) => `/${path.replace(/^\//, '')}`))

// It holds no state that an open page depends on, so a new one takes over at once.
self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()))

self.addEventListener('activate', (event) => event.waitUntil(begin()))

async function begin(): Promise<void> {
  const cache = await caches.open(CACHE)
  const kept = await cache.keys()
  await Promise.all(kept.filter(({ url }) => !own.has(new URL(url).pathname)).map((request) => cache.delete(request)))
  await self.clients.claim()
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (own.has(url.pathname)) event.respondWith(immutableFile(request))
  else if (request.mode === 'navigate' && isDashboard(url.pathname)) event.respondWith(page(request))
})

async function immutableFile(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.status === 200) await cache.put(request, answer.clone())
  return answer
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch {
    // The network is gone, or the server is: that is what the page says.
    const locale = new URL(self.location.href).searchParams.get('lang')
    return offlinePage(isLocale(locale) ? locale : 'en')
  }
}
