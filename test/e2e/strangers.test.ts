import { describe, expect, it } from 'vitest'
import { SECRETS, type Secret, useFurnishedScene } from './furnished-scene.ts'

/** What strangers are told, by who asks. */

const { at, ask } = useFurnishedScene()

function secretsIn(text: string): string[] {
  const plain = text.replaceAll('\r\n ', '')
  return Object.entries(SECRETS)
    .filter(([, secret]) => plain.includes(secret))
    .map(([name]) => name)
    .sort()
}

/** Names of everything that the data of a page has: devalue keeps objects in one list, by the places of their values. */
function namesIn(data: string): string[] {
  const { nodes } = JSON.parse(data) as { nodes: ({ data?: unknown[] } | null)[] }
  const objects = nodes
    .flatMap((node) => node?.data ?? [])
    .filter((one) => one !== null && typeof one === 'object' && !Array.isArray(one))
  const names = new Set(objects.flatMap((one) => Object.keys(one as object)))
  // Texts of the product have dots in their names.
  return [...names].filter((name) => !name.includes('.') && !/^\d+$/.test(name)).sort()
}

const FACE = ['accent', 'avatar', 'branded', 'face', 'name', 'username']
const LAYOUT = ['code', 'hourCycle', 'language', 'languages', 'locale', 'path', 'texts', 'weekStart']

describe('what strangers are told', () => {
  /** Of public addresses, the secrets that whoever has the address may read. */
  const addresses = (): [address: string, told: Secret[]][] => [
    ['/', []],
    ['/ada', []],
    [at.talk, []],
    [`${at.talk}?slot=${new Date(at.free).toISOString()}`, []],
    [`${at.talk}?name=x&source=y`, []],
    [`${at.talk}/slots?month=${new Date(at.free).toISOString().slice(0, 7)}&duration=30&cal.tz=UTC`, []],
    [`${at.talk}/occurrences?start=${at.free}&duration=30`, []],
    [`${at.talk}/why?day=${new Date(at.free).toISOString().slice(0, 10)}&time=04:00`, []],
    [at.course, []],
    ['/ada/hidden', ['hiddenTitle']],
    [`/d/${at.link}/hidden`, ['hiddenTitle']],
    ['/ada+eve/30', []],
    [`/booking/${at.uid}`, ['bookerMail', 'bookerName', 'room']],
    [`/booking/${at.uid}/calendar.ics`, ['bookerName', 'hostMail', 'room']],
    [`/reschedule/${at.uid}`, []],
    [`/booking/${at.seat}`, ['seatMail', 'seatName']],
    [`/booking/${at.seat}/calendar.ics`, ['hostMail']],
    ['/my-bookings/expired', []],
    ['/answer/expired', []],
    ['/feeds/unknown.ics', []],
    ['/avatar/ada', []],
    ['/ada/preview.png', []],
    [`${at.talk}/preview.png`, []],
    ['/ada/hidden/preview.png', []],
    ['/manifest.webmanifest', []],
    ['/v2/event-types?username=ada', []],
    [`/v2/slots?eventTypeId=${at.talkId}&start=2027-01-04&end=2027-01-08`, []],
    [`/v2/slots/explanation?eventTypeId=${at.talkId}&start=2027-01-04T04:00:00Z`, []],
    [`/v2/bookings/${at.uid}`, ['bookerMail', 'bookerName', 'room']],
    [`/v2/bookings/${at.seat}`, ['seatMail', 'seatName']],
    [`/v2/bookings/by-seat/${at.seat}`, ['seatMail', 'seatName']],
  ]

  it.each(['anonymous', 'other'] as const)('%s: what the address is for, and nothing else', async (role) => {
    // Who is signed in finds their own address in a form, and it is no secret to them.
    const found = (text: string) => secretsIn(text).filter((one) => role === 'anonymous' || one !== 'otherHostMail')
    for (const [address, told] of addresses()) {
      const answer = await ask(address, role)
      const text = await answer.text()
      expect([address, answer.status < 500, found(text)]).toEqual([address, true, [...told].sort()])
      const data = await ask(`${address.split('?')[0]}/__data.json`, role)
      const more = found(await data.text())
      expect([address, more.filter((one) => !told.includes(one as Secret))]).toEqual([address, []])
    }
  })

  it('nothing of a host is shown to another, nor to nobody', async () => {
    const own = [
      ...[`/bookings/detail/${at.uid}`, `/contacts/${at.contactId}`, `/event-types/${at.talkId}`, '/home'],
      ...[`/settings/webhooks/${at.webhookId}`, '/bookings/export', '/contacts', '/bookings/upcoming'],
      ...[`/event-types/${at.hiddenId}/links`, '/search?q=Secret', '/settings/privacy/data.json', '/settings/activity'],
      ...['/v2/bookings', `/v2/event-types/${at.talkId}`, '/v2/schedules', '/v2/webhooks', '/v2/me'],
      ...[`/v2/bookings/${at.uid}/attendees`, `/v2/event-types/${at.hiddenId}/private-links`],
    ]
    for (const address of own) {
      for (const role of ['anonymous', 'other'] as const) {
        const answer = await ask(address, role)
        const found = secretsIn(await answer.text())
        // What is their own.
        const others = found.filter((one) => !['otherHostMail', 'keyLabel'].includes(one))
        expect([address, role, others]).toEqual([address, role, []])
      }
    }
    // The same question, asked by who may ask it.
    expect(secretsIn(await (await ask(`/bookings/detail/${at.uid}`, 'owner')).text())).toEqual(
      expect.arrayContaining(['bookerMail', 'bookerName', 'hiddenAnswer', 'metadata', 'note', 'preset', 'tracking']),
    )
  })

  it('what can be counted through leads nowhere: keys are of 128 random bits or more', async () => {
    // 24 letters of 64 are 144 bits.
    for (const key of [at.uid, at.seat, at.link]) expect(key).toMatch(/^[\w-]{22,}$/)
    const near = [String(at.bookingId), '1', '0', '-1', at.uid.slice(0, -1), `${at.uid}x`, at.uid.toLowerCase(), '%00']
    for (const guess of near) {
      for (const address of [
        '/booking/*',
        '/booking/*/calendar.ics',
        '/reschedule/*',
        '/d/*/hidden',
        '/v2/bookings/*',
      ]) {
        const answer = await ask(address.replace('*', guess), 'other')
        expect([address, guess, answer.status >= 400 && answer.status < 500]).toEqual([address, guess, true])
        expect(secretsIn(await answer.text())).toEqual([])
      }
    }
    for (const address of [
      '/%00',
      '/ada/%00',
      '/ada/talk?name=%00',
      '/v2/event-types?username=%00',
      '/contacts?q=%00',
    ]) {
      expect([address, (await ask(address, 'owner')).status]).toEqual([address, 404])
    }
  })

  it('pages that are keys are left out of indexes and tell no other site', async () => {
    for (const address of [
      `/booking/${at.uid}`,
      `/booking/${at.seat}`,
      `/reschedule/${at.uid}`,
      '/my-bookings/expired',
      '/answer/expired',
    ]) {
      const { headers } = await ask(address, 'anonymous')
      expect([address, headers.get('x-robots-tag'), headers.get('referrer-policy')]).toEqual([
        ...[address, 'noindex', 'no-referrer'],
      ])
      expect(headers.get('cache-control')).toContain('no-store')
    }
    for (const address of ['/ada', at.talk]) {
      expect((await ask(address, 'anonymous')).headers.get('x-robots-tag')).toBe('noindex')
    }
  })

  it('the data of pages has these names and no other', async () => {
    const names = async (address: string) => namesIn(await (await ask(`${address}/__data.json`, 'anonymous')).text())
    const known = [...FACE, ...LAYOUT]
    const told: string[] = []
    for (const address of [
      ...['/ada', at.talk, at.course, `/booking/${at.uid}`, `/booking/${at.seat}`, `/reschedule/${at.uid}`],
    ]) {
      const own = (await names(address)).filter((one) => !known.includes(one))
      told.push(
        `${address.replace(at.uid, 'uid').replace(at.seat, 'seat')}\n${own.map((one) => `  ${one}\n`).join('')}`,
      )
    }
    // Whoever adds a name there says that everybody may read it.
    await expect(told.join('\n')).toMatchFileSnapshot('../fixtures/told-by-pages.txt')
  })
})
