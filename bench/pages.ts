import { nextMonth } from './host.ts'
import type { World } from './world.ts'

type Reader = 'visitor' | 'host' | 'newcomer'

/** One address of a route, and what it has to answer. */
export interface Measured {
  /** As Kit names it. */
  route: string
  /** What is special about this address, where a route has several. */
  what?: string
  path: (world: World) => string
  as: Reader
  /** 200 when absent. */
  status?: number
  /** Streams of data whose size is the host's: the first byte and the memory they need are measured too. */
  isStream?: boolean
}

/** Routes without a GET, and what there is to see only on an installation that has no owner yet. */
export const NOT_MEASURED: Record<string, string> = {
  '/(app)/getting-started/leave': 'POST only',
  '/(auth)/auth/sign-out': 'POST only',
  '/(public)/[user]/[slug]/hold': 'POST only; `npm run bench booking` books',
  '/(public)/d/[token]/[slug]/hold': 'POST only',
  '/(public)/language': 'POST only',
  '/(public)/reschedule/[uid]/hold': 'POST only',
  '/(app)/mails/[id]': 'reads one file of the mail catcher and no rows',
  '/(app)/mails/[id]/html': 'reads one file of the mail catcher and no rows',
  '/(app)/mails/[id]/source': 'reads one file of the mail catcher and no rows',
}

const as =
  (reader: Reader, folder: string) =>
  (route: string, path: string | ((world: World) => string), more: Partial<Measured> = {}): Measured => ({
    ...{ route: `${folder}${route}`, path: typeof path === 'string' ? () => path : path, as: reader },
    ...more,
  })
const app = as('host', '/(app)')
const start = as('newcomer', '/(app)')
const auth = as('visitor', '/(auth)')
const open = as('visitor', '/(public)')

const detail = (world: World, rest = '') => `/bookings/detail/${world.uids.upcoming}${rest}`
const withFile = (world: World, rest: string) => `/bookings/detail/${world.uids.withFile}${rest}`
const type = (world: World, rest = '') => `/event-types/${world.host.eventTypeId}${rest}`
const month = () => `month=${nextMonth()}`
/** Half of all bookings of the list are before it. */
const deep = () => `after=${encodeURIComponent(`${new Date(Date.now() - 5 * 365 * 86_400_000).toISOString()}_1`)}`

/** Every page and every source of data of the router; `test/measured-pages.test.ts` compares it with the folders. */
export const MEASURED: readonly Measured[] = [
  { route: '/', path: () => '/', as: 'visitor' },
  auth('/auth/sign-in', '/auth/sign-in'),
  auth('/auth/sign-up', '/auth/sign-up'),
  auth('/auth/forgot', '/auth/forgot'),
  auth('/auth/reset/[token]', `/auth/reset/${'a'.repeat(43)}`),
  auth('/auth/second-step', '/auth/second-step', { status: 303 }),
  auth('/auth/return/[token]', `/auth/return/${'a'.repeat(43)}`),
  // Not there on an installation that sends no mail.
  auth('/auth/link', '/auth/link', { status: 404 }),
  auth('/auth/link/[token]', `/auth/link/${'a'.repeat(43)}`),
  auth('/setup/[token]', '/setup/none', { status: 410 }),

  open('/manifest.webmanifest', '/manifest.webmanifest'),
  open('/[user]', ({ username }) => `/${username}`),
  // The address that the page names has the version of the picture with it; to it leads this one.
  open('/[user]/preview.png', ({ username }) => `/${username}/preview.png`, { status: 302 }),
  open('/[user]/[slug]', ({ host }) => `${host.path}?${month()}`),
  open('/[user]/[slug]', ({ seated }) => `${seated}?${month()}`, { what: 'seats' }),
  open('/[user]/[slug]/preview.png', ({ host }) => `${host.path}/preview.png`, { status: 302 }),
  open('/[user]/[slug]/slots', ({ host }) => `${host.path}/slots?${month()}&duration=30`),
  open('/[user]/[slug]/occurrences', ({ recurring }) => `${recurring}/occurrences?${firstStart()}`),
  open('/[user]/[slug]/why', ({ host }) => `${host.path}/why?day=${nextMonth()}-03&time=12:00`),
  open('/avatar/[username]', ({ username }) => `/avatar/${username}`, { status: 404 }),
  open('/booking/[uid]', ({ uids }) => `/booking/${uids.upcoming}`),
  open('/booking/[uid]', ({ uids }) => `/booking/${uids.series}`, { what: 'of a series' }),
  open('/booking/[uid]/calendar.ics', ({ uids }) => `/booking/${uids.upcoming}/calendar.ics`),
  open('/booking/[uid]/onward', ({ uids }) => `/booking/${uids.upcoming}/onward`, { status: 303 }),
  open('/d/[token]/[slug]', ({ links }) => `/d/${links.private}/intro?${month()}`),
  open('/d/[token]/[slug]/slots', ({ links }) => `/d/${links.private}/intro/slots?${month()}&duration=30`),
  open('/d/[token]/[slug]/occurrences', ({ links }) => `/d/${links.recurring}/talk-3/occurrences?${firstStart()}`),
  open('/d/[token]/[slug]/why', ({ links }) => `/d/${links.private}/intro/why?day=${nextMonth()}-03&time=12:00`),
  open('/feeds/[token].ics', ({ links }) => `/feeds/${links.bookings}.ics`, { isStream: true }),
  open('/feeds/[token].ifb', ({ links }) => `/feeds/${links.freeBusy}.ifb`, { isStream: true }),
  open('/answer/[token]', ({ links }) => links.answer),
  open('/my-bookings', '/my-bookings'),
  open('/my-bookings/[token]', ({ links }) => `/my-bookings/${links.booker}`),
  open('/my-bookings/[token]', ({ links }) => `/my-bookings/${links.booker}?past`, { what: 'past' }),
  open('/reschedule/[uid]', ({ uids }) => `/reschedule/${uids.upcoming}?${month()}`),
  open('/reschedule/[uid]/slots', ({ uids }) => `/reschedule/${uids.upcoming}/slots?${month()}&duration=30`),

  app('/home', '/home'),
  app('/search', '/search?q=person77'),
  app('/search', '/search?q=zz', { what: 'no match' }),
  app('/bookings', '/bookings', { status: 307 }),
  ...['upcoming', 'unconfirmed', 'past', 'cancelled', 'all'].map((tab) =>
    app('/bookings/[tab]', `/bookings/${tab}`, { what: tab }),
  ),
  app('/bookings/[tab]', () => `/bookings/past?${deep()}`, { what: 'past, deep' }),
  app('/bookings/[tab]', '/bookings/past?sort=newest&size=100', { what: 'past, newest booking first, 100' }),
  app('/bookings/[tab]', '/bookings/upcoming?sort=oldest&show=answers', { what: 'upcoming, oldest booking first' }),
  app('/bookings/[tab]', '/bookings/all?q=person77+junior', { what: 'all, two words' }),
  app('/bookings/[tab]', '/bookings/all?q=zz', { what: 'all, two letters' }),
  app('/bookings/[tab]', '/bookings/all?q=nowhere', { what: 'all, no match' }),
  app('/bookings/[tab]', (world) => `/bookings/past?type=${world.host.eventTypeId + 3}`, { what: 'past, one type' }),
  app('/bookings/[tab]', '/bookings/all?status=rejected&to=2026-01-01', { what: 'all, status and date' }),
  app('/bookings/blocked', '/bookings/blocked'),
  app('/bookings/calendar', '/bookings/calendar', { what: 'week' }),
  app('/bookings/calendar', () => `/bookings/calendar?view=month&date=${nextMonth()}-10`, { what: 'month' }),
  app('/bookings/detail/[uid]', (world) => detail(world)),
  app('/bookings/detail/[uid]', ({ uids }) => `/bookings/detail/${uids.past}`, { what: 'past' }),
  app('/bookings/detail/[uid]', ({ uids }) => `/bookings/detail/${uids.series}`, { what: 'of a series' }),
  app('/bookings/detail/[uid]', ({ uids }) => `/bookings/detail/${uids.seats}`, { what: 'seats' }),
  app('/bookings/detail/[uid]/[act]', (world) => detail(world, '/cancel')),
  app('/bookings/detail/[uid]/files/[id]', (world) => withFile(world, `/files/${world.ids.file}`)),
  app('/bookings/detail/[uid]/guests', (world) => detail(world, '/guests')),
  app('/bookings/detail/[uid]/location', (world) => detail(world, '/location')),
  app('/bookings/detail/[uid]/report', (world) => detail(world, '/report')),
  app('/bookings/detail/[uid]/terms/[version]', (world) => withFile(world, `/terms/${world.ids.terms}`)),
  app('/bookings/export', '/bookings/export', { isStream: true }),
  app('/bookings/new', (world) => `/bookings/new?type=${world.host.eventTypeId}`),
  app('/bookings/presets', '/bookings/presets'),
  app('/bookings/several', ({ uids }) => `/bookings/several?act=cancel&uid=${uids.upcoming}&uid=${uids.pending}`),
  app('/contacts', '/contacts'),
  app('/contacts', '/contacts?q=person77', { what: 'a word' }),
  app('/contacts', '/contacts?q=zz', { what: 'two letters' }),
  app('/contacts', '/contacts?tag=tag-4', { what: 'a tag' }),
  app('/contacts', '/contacts?after=person7%40example.net', { what: 'deep' }),
  app('/contacts/[id]', ({ ids }) => `/contacts/${ids.contact}`),
  app('/contacts/[id]/export', ({ ids }) => `/contacts/${ids.contact}/export`),

  app('/event-types', '/event-types'),
  app('/event-types/[id]', (world) => type(world)),
  app('/event-types/[id]/links', (world) => type(world, '/links')),
  app('/event-types/[id]/preferred', (world) => type(world, '/preferred')),
  app('/event-types/[id]/preview', (world) => type(world, '/preview')),
  app('/event-types/[id]/questions', (world) => type(world, '/questions')),
  app('/event-types/[id]/times', (world) => type(world, '/times')),
  app('/event-types/[id]/webhooks', (world) => type(world, '/webhooks')),

  app('/availability', '/availability'),
  app('/availability/[id]', ({ ids }) => `/availability/${ids.schedule}`),
  app('/availability/away', '/availability/away'),
  app('/availability/away/[id]', ({ ids }) => `/availability/away/${ids.absence}`),
  app('/availability/away/new', '/availability/away/new'),
  app('/availability/holidays', '/availability/holidays'),
  app('/availability/limits', '/availability/limits'),
  app('/availability/month', () => `/availability/month?${month()}`),
  app('/availability/travel', '/availability/travel'),

  start('/getting-started', '/getting-started', { status: 303 }),
  start('/getting-started/profile', '/getting-started/profile'),
  start('/getting-started/hours', '/getting-started/hours'),
  start('/getting-started/event-type', '/getting-started/event-type'),
  app('/getting-started/done', '/getting-started/done'),
  app('/mails', '/mails', { status: 404 }),

  ...['', '/appearance', '/feeds', '/general', '/profile', '/privacy', '/security', '/webhooks', '/webhooks/new'].map(
    (page) => app(`/settings${page}`, `/settings${page}`),
  ),
  app('/settings/activity', '/settings/activity'),
  app('/settings/activity', '/settings/activity?kind=booking', { what: 'bookings' }),
  app('/settings/activity/export', '/settings/activity/export', { isStream: true }),
  app('/settings/deliveries', '/settings/deliveries'),
  app('/settings/privacy/bookings.ics', '/settings/privacy/bookings.ics', { isStream: true }),
  app('/settings/privacy/data.json', '/settings/privacy/data.json', { isStream: true }),
  app('/settings/security/second-step', '/settings/security/second-step'),
  app('/settings/security/address/[token]', `/settings/security/address/${'a'.repeat(43)}`),
  app('/settings/webhooks/[id]', ({ ids }) => `/settings/webhooks/${ids.webhook}`),
]

/** A start that the page of a series could ask about; what it answers is the same whether it is free. */
function firstStart(): string {
  return `start=${encodeURIComponent(`${nextMonth()}-05T10:30:00.000Z`)}&duration=30`
}
