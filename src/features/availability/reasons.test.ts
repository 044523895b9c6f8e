import { describe, expect, it } from 'vitest'
import type { Explanation } from '#engine/explain.ts'
import { type MessageKey, translatorFor } from '#platform/i18n/messages.ts'
import { DAY_REASONS } from './types.ts'
import { reasonTexts } from './ui/reasons.ts'

type OfferReason = Explanation['reasons'][number]
type HostReason = Explanation['hosts'][number]['reasons'][number]

const at = Date.parse('2026-12-10T08:00:00Z')
const span = { start: at, end: at + 1_800_000 }
const period = { from: at, to: at + 86_400_000 }
const day = { date: '2026-12-10', timeZone: 'Europe/Berlin' }
const away = { date: '2026-12-10', firstDate: '2026-12-10', lastDate: '2026-12-10' }

const OFFER: OfferReason[] = [
  { code: 'past', now: at },
  { code: 'notice', noticeMinutes: 90, soonest: at },
  { code: 'window', type: 'rolling', ...period },
  { code: 'bookerLimit', limit: 2, active: 2 },
  { code: 'restriction', timeZone: 'Europe/Berlin' },
  { code: 'seatsElsewhere', ...span },
  { code: 'notFirstOfDay', first: at },
  { code: 'offGrid', step: 30, before: at, after: at + 1_800_000 },
  { code: 'offGrid', step: 30 },
  { code: 'noHosts' },
]
const HOST: HostReason[] = [
  { code: 'outsideHours', ...day, source: 'weekly', hours: [] },
  { code: 'outsideHours', ...day, source: 'override', hours: [] },
  { code: 'away', kind: 'away', ...away },
  { code: 'away', kind: 'holiday', label: 'Christmas', ...away },
  { code: 'busy', kind: 'hold', ...span },
  { code: 'held', ...span, releaseAt: at },
  { code: 'booking', status: 'accepted', ...span },
  { code: 'booking', status: 'accepted', start: at + 1, end: at + 2 },
  { code: 'buffer', of: 'booking', ...span, beforeMinutes: 0, afterMinutes: 15 },
  ...(['bookings', 'minutes'] as const).flatMap((measure) =>
    (['day', 'week', 'month', 'year'] as const).map(
      (unit): HostReason => ({ code: 'limit', scope: 'host', measure, unit, limit: 3, used: 3, ...period }),
    ),
  ),
]

function explanation(reasons: OfferReason[], own: HostReason[]): Explanation {
  const host = { host: '1', part: 'needed' as const, free: own.length === 0, reasons: own, notes: [] }
  return { ...span, offered: false, reasons, hosts: [host] }
}

describe.each(['en', 'de'] as const)('why there is no slot, in %s', (locale) => {
  const translate = translatorFor(locale)
  const t = (key: string, values?: Record<string, string | number>) => translate(key as MessageKey, values)
  const style = { locale, timeZone: 'Europe/Berlin', hourCycle: 'h23' as const }
  const bookings = [{ uid: 'abc', title: 'A talk', ...span }]

  it('has a sentence of its own for everything the engine says', () => {
    const texts = reasonTexts(explanation(OFFER, HOST), { t, style, bookings })
    expect(texts.filter(({ text }) => /[{}]|schedules\./.test(text))).toEqual([])
    // Somebody's hold is one and the same, whoever tells of it.
    expect(texts).toHaveLength(OFFER.length + HOST.length - 1)
    expect(texts.find(({ href }) => href === '/bookings/detail/abc')?.text).toContain('A talk')
  })

  it('says once what closes the offer and its host alike', () => {
    const limit = HOST.at(-1) as OfferReason & HostReason
    expect(
      reasonTexts(explanation([limit, { code: 'hostBusy', host: '1' }], [limit]), { t, style, bookings }),
    ).toHaveLength(1)
  })

  it('has words for every kind of day', () => {
    for (const code of DAY_REASONS) {
      for (const key of [`schedules.day.${code}`, `schedules.day.long.${code}`]) expect(t(key)).not.toBe(key)
    }
  })
})
