/** A session ends this long after its last use, unless its person wants it to end sooner. */
export const SESSION_DAYS = 30
/** The last use is written down at most this often. */
const TOUCH_MINUTES = 5

/** What a person can choose instead, in minutes. */
export const SESSION_CHOICES = [15, 60, 240, 480, 1440, 10_080] as const

/** @param wanted minutes, as chosen; null: as long as is usual */
export function sessionMinutes(wanted: number | null): number {
  return wanted ?? SESSION_DAYS * 1440
}

/** Whether the last use, so long ago (ms), must be written down anew: seldom, but often enough that a short session is not cut shorter. */
export function isStale(age: number, wanted: number | null): boolean {
  return age >= Math.min(TOUCH_MINUTES, sessionMinutes(wanted) / 15) * 60_000
}

/** In the order of asking: browsers name the ones they descend from as well. */
const BROWSERS: [name: string, mark: RegExp][] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\b(OPR|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Vivaldi', /\bVivaldi\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|Chromium|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//],
]
const SYSTEMS: [name: string, mark: RegExp][] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b|\bX11\b/],
]

/** What a User-Agent header calls the browser and the system: enough to recognise one's own device by. */
export function deviceOf(userAgent: string): { browser: string | null; system: string | null } {
  const named = (list: [string, RegExp][]) => list.find(([, mark]) => mark.test(userAgent))?.[0] ?? null
  return { browser: named(BROWSERS), system: named(SYSTEMS) }
}

const CONTROLS = /\p{C}/gu

/** What is kept of a User-Agent header. */
export function keptUserAgent(userAgent: string): string {
  return userAgent.slice(0, 300).replace(CONTROLS, '')
}

/** Addresses and devices of sign-ins are personal, and of use as long as somebody may still wonder: was that me? */
export const ORIGIN_DAYS = 90
