import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { hashToken, randomUid } from '#platform/crypto.ts'
import { insertHost } from '#test/offers.ts'
import { book, freeStarts, ownOffer, useScene, visit } from './scene.ts'

/** What is shown of an address where somebody shares it. */
const scene = useScene()

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
    expect(await headOf(`/${plain.username}?q=nothing&theme=dark`)).toEqual({
      ...{ 'og:title': 'Host 1', 'og:type': 'profile', 'og:url': address, canonical: address },
      ...{ 'og:locale': 'en_US', 'og:site_name': 'Sundial', 'twitter:card': 'summary' },
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
