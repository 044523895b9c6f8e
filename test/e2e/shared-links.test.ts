import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { hashToken, randomUid } from '#platform/crypto.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { book, freeStarts, ownOffer, picture, useScene, visit } from './scene.ts'

/** What is shown of an address where somebody shares it. The log tells of each drawing. */
const scene = useScene({ LOG_LEVEL: 'info' })

const hostile = `"><i data-struck></i> & 'so' <b>`

/** Of the head as a browser reads it, without scripts. */
async function headOf(path: string, locale = 'en-GB'): Promise<Record<string, string>> {
  const { page, context } = await visit(scene.browser, { javaScriptEnabled: false, locale })
  await page.goto(scene.app.url + path)
  const found = await page.evaluate(() => [
    ...[...document.head.querySelectorAll('meta')].map((one) => [
      one.getAttribute('property') ?? one.name,
      one.content,
    ]),
    ...[...document.head.querySelectorAll('link[rel=canonical]')].map((one) => [
      'canonical',
      (one as HTMLLinkElement).href,
    ]),
    ...[...document.querySelectorAll('[data-struck]')].map(() => ['struck', 'yes']),
  ])
  await context.close()
  const told = found.filter(([name]) => /^(og:|twitter:|description$|canonical$|struck$)/.test(name ?? ''))
  // Nothing is said twice.
  expect(new Set(told.map(([name]) => name)).size).toBe(told.length)
  return Object.fromEntries(told)
}

describe('the preview of an address', () => {
  it('of a profile says who it is, whatever they write', async () => {
    const { db } = scene.app
    const plain = await insertHost(db)
    const address = `${scene.app.url}/${plain.username}`
    const picture = new RegExp(`^${address}/preview\\.png\\?lang=en&v=[\\w-]{22}$`)
    expect(await headOf(`/${plain.username}?q=nothing&theme=dark`)).toEqual({
      ...{ 'og:title': 'Host 1', 'og:type': 'profile', 'og:url': address, canonical: address },
      ...{ 'og:locale': 'en_US', 'og:site_name': 'Sundial', 'twitter:card': 'summary_large_image' },
      ...{ 'og:image': expect.stringMatching(picture), 'og:image:type': 'image/png', 'og:image:alt': 'Host 1' },
      ...{ 'og:image:width': '1200', 'og:image:height': '630' },
      ...{ description: 'Choose a time with Host 1.', 'og:description': 'Choose a time with Host 1.' },
    })
    await db
      .updateTable('users')
      .set({ name: hostile, bio: `**Maths** ${hostile}` })
      .where('id', '=', plain.id)
      .execute()
    const told = await headOf(`/${plain.username}`)
    expect(told['og:title']).toBe(hostile)
    expect(told['og:description']).toMatch(/^Maths /)
    expect(told.struck).toBeUndefined()
  })

  it('of an event type says what it is, in the language of the page, and leaves out what a visitor chose', async () => {
    const path = await ownOffer(scene, { slug: 'talk', title: 'A talk' })
    const address = scene.app.url + path
    const told = { 'og:title': 'A talk | Ada Lovelace', 'og:type': 'website', 'og:url': address, canonical: address }
    expect(await headOf(`${path}?name=Bo&email=bo%40example.net&month=2027-01`)).toMatchObject(told)
    expect(await headOf(path, 'de-DE')).toMatchObject({
      ...{ ...told, 'og:locale': 'de_DE', 'og:description': 'Wählen Sie eine Zeit mit Ada Lovelace.' },
    })
    const { db } = scene.app
    await db.updateTable('event_types').set({ description: 'About *engines*.' }).where('slug', '=', 'talk').execute()
    expect(await headOf(path)).toMatchObject({ description: 'About engines.', 'og:description': 'About engines.' })
  })

  it('of a group link names everybody', async () => {
    const { id, username } = await insertHost(scene.app.db)
    await scene.app.db.updateTable('users').set({ name: 'Bea' }).where('id', '=', id).execute()
    const told = await headOf(`/ada+${username}/30`)
    expect(told).toMatchObject({ 'og:title': 'Ada Lovelace & Bea', canonical: `${scene.app.url}/ada+${username}/30` })
    expect(told.description).toBe('Choose a time with Ada Lovelace and Bea.')
  })

  it('names the product only where its page does', async () => {
    const { db } = scene.app
    await db.updateTable('users').set({ hide_branding: true }).where('id', '=', scene.ownerId).execute()
    expect((await headOf('/ada'))['og:site_name']).toBe('Ada Lovelace')
    await db.updateTable('users').set({ hide_branding: false }).where('id', '=', scene.ownerId).execute()
  })

  it('tells nothing of what is hidden, sent to somebody or booked', async () => {
    const { app } = scene
    const path = await ownOffer(scene, { slug: 'secret', title: 'Secret talk' })
    const [start = 0] = (await freeStarts(app, path)).slice(8)
    const uid = await book(app, path, start, { name: 'Bo', email: 'bo@example.net' })
    const { id } = await app.db
      .updateTable('event_types')
      .set({ hidden: true, description: 'Secret words' })
      .where('slug', '=', 'secret')
      .returning('id')
      .executeTakeFirstOrThrow()
    const token = randomUid()
    await app.db
      .insertInto('private_links')
      .values({
        ...{ event_type_id: id, token_hash: hashToken(token), sealed_token: '', label: 'For Robin', most_uses: 1 },
        ...{ person_name: 'Robin Meyer', person_email: 'robin@example.net', starts: null, duration: null },
        ...{ expires_at: null, created_at: Temporal.Now.instant() },
      })
      .execute()
    for (const address of [path, `/d/${token}/secret`, `/booking/${uid}`, `/reschedule/${uid}`, '/my-bookings']) {
      expect([address, await headOf(address)]).toEqual([
        address,
        {
          ...{ 'og:title': 'A private page', 'og:description': 'For whoever this link was sent to.' },
          ...{ 'og:type': 'website', 'og:locale': 'en_US', 'og:site_name': 'Sundial', 'twitter:card': 'summary' },
        },
      ])
    }
  })
})

describe('the picture of an address', () => {
  const drawings = () => scene.app.output().split('"picture drawn"').length - 1

  /** What a browser makes of it: its size, and the colours at its left edge, at its right one and in the middle of a face. */
  async function seen(path: string, name: string): Promise<unknown[]> {
    const { page, context } = await visit(scene.browser, { viewport: { width: 1200, height: 630 } })
    const { 'og:image': address = '' } = await headOf(path)
    await page.goto(scene.app.url + path)
    const found = await page.evaluate(async (src) => {
      const image = new Image()
      image.src = src
      await image.decode()
      const canvas = new OffscreenCanvas(image.width, image.height)
      const drawing = canvas.getContext('2d')
      drawing?.drawImage(image, 0, 0)
      const colorAt = (x: number, y: number) => {
        const channels = [...(drawing?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3)
        return `#${channels.map((one) => one.toString(16).padStart(2, '0')).join('')}`
      }
      return [image.width, image.height, colorAt(4, 300), colorAt(1196, 300), colorAt(146, 178)]
    }, address)
    await page.goto(address)
    await picture(page, `link-picture-${name}`)
    await context.close()
    return found
  }

  it('is a PNG that is drawn once for all who want it, and kept', async () => {
    const path = await ownOffer(scene, { slug: 'drawn', title: 'Drawn', durations: [30, 60] })
    const { 'og:image': address = '' } = await headOf(path)
    const before = drawings()
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(address)))
    for (const answer of answers) {
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect([answer.status, answer.headers.get('content-type'), bytes.toString('latin1', 1, 4)]).toEqual([
        ...[200, 'image/png', 'PNG'],
      ])
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
    await expect.poll(drawings).toBe(before + 1)
    const etag = answers[0]?.headers.get('etag') ?? ''
    expect((await fetch(address, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const plain = await fetch(`${scene.app.url}${path}/preview.png`, { headers: { 'accept-language': 'en' } })
    expect([plain.url, plain.headers.get('etag')]).toEqual([address, etag])
  })

  it.each([
    ['plain', { theme: 'light' }, 'Maths lesson', ['#0d6b5f', '#f7f4ee']],
    [
      ...['long', { name: 'Dr. Maximiliane von Hohenstein-Waldburg', page_theme: 'dark', brand_color: '#ff8a00' }],
      ...['Erstberatung zur Rechtsschutzversicherung für selbstständige Fotografinnen', ['#ff8a00', '#14130f']],
    ],
    ['hebrew', { name: 'דנה כהן' }, 'שיעור במתמטיקה', ['#f7f4ee', '#0d6b5f']],
    ['arabic', { name: 'ليلى حداد', page_theme: 'dark' }, 'درس في الرياضيات', ['#14130f', '#54c2ae']],
    ['japanese', { name: '山田 花子' }, '花子のレッスン', ['#0d6b5f', '#f7f4ee']],
    ['emoji', { name: '👩‍💻 Ada', hide_branding: true }, '🎉 <b>Fun</b> & games', ['#0d6b5f', '#f7f4ee']],
  ] as const)('has the colours of its host: %s', async (name, host, title, edges) => {
    const { db } = scene.app
    const { id, username } = await insertHost(db)
    await db.updateTable('users').set(host).where('id', '=', id).execute()
    await insertEventType(db, id, { slug: 'talk', title, durations: [30, 60] })
    expect((await seen(`/${username}/talk`, name)).slice(0, 4)).toEqual([1200, 630, ...edges])
    expect((await seen(`/${username}`, `${name}-profile`)).slice(0, 4)).toEqual([1200, 630, ...edges])
  })

  it('has a picture of its host, however large it is', async () => {
    const { db } = scene.app
    const { id, username } = await insertHost(db)
    const { page, context } = await visit(scene.browser)
    const jpeg = await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      Object.assign(canvas, { width: 900, height: 600 })
      const drawing = canvas.getContext('2d')
      if (!drawing) throw new Error('no canvas')
      drawing.fillStyle = '#cc3333'
      drawing.fillRect(0, 0, 900, 600)
      return canvas.toDataURL('image/jpeg').split(',')[1] ?? ''
    })
    await context.close()
    const bytes = Buffer.from(jpeg, 'base64')
    await db.insertInto('avatars').values({ user_id: id, content_type: 'image/jpeg', bytes }).execute()
    const before = (await headOf(`/${username}`))['og:image']
    await db.updateTable('users').set({ avatar_etag: 'jpeg' }).where('id', '=', id).execute()
    expect((await headOf(`/${username}`))['og:image']).not.toBe(before)
    const [, , , , face = ''] = await seen(`/${username}`, 'avatar')
    // As a JPEG has it.
    expect(face).toMatch(/^#c[a-e]3[0-6]3[0-6]$/)
  })

  it('does not exist of what is not shown to all', async () => {
    const path = await ownOffer(scene, { slug: 'kept', title: 'Kept' })
    const { 'og:image': address = '' } = await headOf(path)
    expect((await fetch(address)).status).toBe(200)
    await scene.app.db.updateTable('event_types').set({ hidden: true }).where('slug', '=', 'kept').execute()
    for (const gone of [address, `${scene.app.url}${path}/preview.png`, `${scene.app.url}/nobody/preview.png`]) {
      expect([gone, (await fetch(gone)).status]).toEqual([gone, 404])
    }
  })
})
