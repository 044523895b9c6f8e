import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  accessibilityFaults,
  book,
  counts,
  freeStarts,
  invitationOf,
  mailsTo,
  openDashboard,
  ownOffer,
  picture,
  sidewaysScroll,
  untilLive,
  useScene,
  visit,
  visitAsOwner,
} from './scene.ts'

const scene = useScene()

const EVE = 'eve@blocked.example'

function block(value: string): Promise<unknown> {
  const { app, ownerId } = scene
  const row = { user_id: ownerId, kind: 'domain' as const, value, answer: 'decoy' as const }
  return app.db
    .insertInto('booker_blocks')
    .values({ ...row, created_at: Temporal.Now.instant() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** What is read on a page, without who it is and when. */
const readOn = async (address: string, who: { name: string; email: string }) => {
  const answer = await fetch(address)
  const html = (await answer.text()).replace(/<script[\s\S]*?<\/script>/g, '').replace(/<style[\s\S]*?<\/style>/g, '')
  const text = html
    .replace(/<[^>]+>/g, '\n')
    .replaceAll(who.name, 'NAME')
    .replaceAll(who.email, 'MAIL')
  const headers = ['cache-control', 'referrer-policy', 'x-robots-tag', 'content-type'].map((one) =>
    answer.headers.get(one),
  )
  return {
    status: answer.status,
    headers,
    lines: text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }
}

describe('who is blocked and is to believe that they have booked', () => {
  it('reads what who has booked reads, gets no mail, and takes no time', async () => {
    const path = await ownOffer(scene, {
      slug: 'terms',
      title: 'A talk',
      options: { cancelling: false, rescheduling: { allowed: false, notice: 0, past: false, cancelled: false } },
    })
    await block('blocked.example')
    const [first = 0, second = 0] = (await freeStarts(scene.app, path)).slice(20)
    const bo = { name: 'Bo Real', email: 'bo@example.net' }
    const eve = { name: 'Eve Else', email: EVE }
    const before = await counts(scene.app)
    const decoy = await book(scene.app, path, second, eve)
    expect(await counts(scene.app)).toEqual(before)
    const real = await book(scene.app, path, first, bo)
    expect(decoy.length).toBe(real.length)

    const at = (uid: string) => `${scene.app.url}/booking/${uid}`
    const [shown, known] = [await readOn(at(decoy), eve), await readOn(at(real), bo)]
    expect([shown.status, shown.headers]).toEqual([known.status, known.headers])
    // But for the time, of the day and in a sentence.
    const differing = shown.lines.filter((line, i) => line !== known.lines[i])
    expect(shown.lines).toHaveLength(known.lines.length)
    expect(differing.every((line) => /\d\d:\d\d|\d{4}/.test(line))).toBe(true)

    const entry = await fetch(`${at(decoy)}/calendar.ics`)
    const text = await entry.text()
    const invitation = invitationOf({ email: { attachments: [{ mimeType: 'text/calendar', content: text }] } } as never)
    expect(invitation).toMatchObject({ start: second, end: second + 1_800_000 })
    expect(text).not.toContain('ada@example.org')

    // The mail to the other says that this one would have come by now.
    await mailsTo(scene.app, bo.email, 1)
    expect(scene.app.mail.mails.filter(({ envelope }) => envelope.to.includes(EVE))).toEqual([])
    expect(await freeStarts(scene.app, path)).toContain(second)
    const moving = await fetch(`${scene.app.url}/reschedule/${decoy}`)
    const moved = await fetch(`${scene.app.url}/reschedule/${real}`)
    expect(moving.status).toBe(moved.status)
  })

  it('is led on to where bookers are led', async () => {
    const path = await ownOffer(scene, {
      slug: 'onward',
      options: { redirect: { url: 'https://thanks.example/page', forward: true } },
    })
    await block('blocked.example')
    // The form holds its time, which is counted too, until it is sent.
    const before = await counts(scene.app)
    const { page } = await visit(scene.browser)
    await page.route('https://thanks.example/**', (route) => route.fulfill({ body: '<h1>Thanks</h1>' }))
    await page.goto(scene.app.url + path)
    await untilLive(page)
    await page.locator('a[data-start]').first().click()
    await page.getByLabel('Your name').fill('Eve Else')
    await page.getByLabel('Your mail address').fill(EVE)
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await page.waitForURL('https://thanks.example/**')
    expect(new URL(page.url()).searchParams.get('attendeeName')).toBe('Eve Else')
    expect(await counts(scene.app)).toEqual(before)
  })
})

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  it(`a host says what the blocked are shown and sees how often they tried, ${colorScheme} on ${width} pixels`, async () => {
    const value = `trouble-${width}.example`
    const { page } = await visitAsOwner(scene, { colorScheme, viewport: { width, height: 900 } })
    await openDashboard(scene, page, '/bookings/blocked')
    await page.getByLabel('Mail address or domain').fill(value)
    await page.getByRole('radio', { name: 'Let them believe that they have booked' }).check()
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await page.getByText(`${value} is blocked.`).waitFor()
    const path = await ownOffer(scene, { slug: `tried-${width}` })
    const [start = 0] = (await freeStarts(scene.app, path)).slice(50)
    await book(scene.app, path, start, { email: `mal@${value}` })
    await page.reload()
    const entry = page.getByRole('listitem').filter({ hasText: value })
    await entry.getByText('Tried to book once').waitFor()
    await picture(page, `blocked-${width}-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)
    await entry.getByLabel(`What ${value} is shown`).selectOption('refuse')
    await entry.getByRole('button', { name: `Change ${value}` }).click()
    await page.getByText('Saved.').waitFor()
    expect(await entry.getByLabel(`What ${value} is shown`).inputValue()).toBe('refuse')
  })
}
