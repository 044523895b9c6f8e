import { isLocale } from '#platform/i18n/locale.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import type { RequestHandler } from './$types'

const HOUR = 3600

/** What makes the dashboard an app that can be installed (W3C Web Application Manifest). `?lang=` has the language of who reads it. */
export const GET: RequestHandler = ({ url, locals: { ctx } }) => {
  const lang = url.searchParams.get('lang')
  const locale = isLocale(lang) ? lang : ctx.locale
  const t = translatorFor(locale)
  const icon = (file: string, size: number, purpose: 'any' | 'maskable') => ({
    ...{ src: `/icons/${file}-${size}.png`, sizes: `${size}x${size}`, type: 'image/png', purpose },
  })
  const shortcut = (name: string, path: string) => ({ name, url: path, icons: [icon('icon', 192, 'any')] })
  const manifest = {
    // One app, whichever language its names are in.
    ...{ id: '/home', start_url: '/home', scope: '/', display: 'standalone', lang: locale, dir: 'auto' },
    ...{ name: 'Sundial', short_name: 'Sundial', description: t('offline.app_text') },
    ...{ theme_color: '#f7f4ee', background_color: '#f7f4ee', categories: ['productivity', 'business'] },
    icons: [
      ...[icon('icon', 192, 'any'), icon('icon', 512, 'any')],
      ...[icon('maskable', 192, 'maskable'), icon('maskable', 512, 'maskable')],
    ],
    shortcuts: [
      shortcut(t('palette.upcoming'), '/bookings/upcoming'),
      shortcut(t('bookings.new.name'), '/bookings/new'),
      shortcut(t('schedules.away.add'), '/availability/away/new'),
      shortcut(t('event-types.title'), '/event-types'),
    ],
  }
  return new Response(JSON.stringify(manifest), {
    headers: { 'content-type': 'application/manifest+json', 'cache-control': `public, max-age=${HOUR}` },
  })
}
