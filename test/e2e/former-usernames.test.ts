import { beforeAll, expect, it } from 'vitest'
import { freeStarts, OWNER, ownOffer, postForm, useScene } from './scene.ts'

const scene = useScene()
let start: number

beforeAll(async () => {
  const path = await ownOffer(scene, { slug: 'talk', title: 'Talk' })
  ;[start = 0] = (await freeStarts(scene.app, path)).slice(20)
  const renamed = { name: OWNER.name, username: 'countess', bio: '' }
  const saved = await postForm(scene.app, '/settings/profile?/profile', renamed, { cookie: scene.ownerCookie })
  expect(saved.status).toBe(200)
})

const get = (path: string) => fetch(new URL(path, scene.app.url), { redirect: 'manual' })

it.each([
  ['/ada', '/countess'],
  ['/Ada?embed=1&a=%2F', '/countess?embed=1&a=%2F'],
  ['/ada/talk?month=2026-12&name=Bo%20B', '/countess/talk?month=2026-12&name=Bo%20B'],
  ['/ada/talk/why?date=2026-12-01', '/countess/talk/why?date=2026-12-01'],
])('%s leads to %s, and no browser remembers that', async (former, present) => {
  const answer = await get(former)
  expect([answer.status, answer.headers.get('location')]).toEqual([308, present])
  expect(answer.headers.get('cache-control')).toMatch(/no-cache|no-store/)
  expect((await get(present)).status).toBe(200)
})

it('nothing else leads anywhere', async () => {
  const statuses = await Promise.all(
    ['/nobody', '/ada/nothing', '/ada+nobody/30'].map(async (path) => (await get(path)).status),
  )
  expect(statuses).toEqual([404, 404, 404])
})

it('a page that was open meanwhile still lists, keeps and books times', async () => {
  const { app } = scene
  const month = new Date(start).toISOString().slice(0, 7)
  expect((await get(`/ada/talk/slots?month=${month}&duration=30&cal.tz=UTC`)).status).toBe(200)
  const json = { 'content-type': 'application/json', origin: app.url }
  const body = JSON.stringify({ start, duration: 30 })
  const held = await fetch(new URL('/ada/talk/hold', app.url), { method: 'POST', headers: json, body })
  expect(held.status).toBe(200)
  const [cookie = ''] = (held.headers.getSetCookie()[0] ?? '').split(';')
  const fields = { start: new Date(start).toISOString(), duration: '30', name: 'Bo', timeZone: 'UTC' }
  const refused = await postForm(app, '/ada/talk?/book', { ...fields, email: 'bo@' }, { cookie })
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('value="bo@"')])
  const booked = await postForm(app, '/ada/talk?/book', { ...fields, email: 'bo@example.net' }, { cookie })
  expect([booked.status, booked.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/booking\//)])
})

it('a picture is found under it, too', async () => {
  const { db } = scene.app
  const { id } = await db.selectFrom('users').where('username', '=', 'countess').select('id').executeTakeFirstOrThrow()
  const bytes = Buffer.from('a picture')
  await db.insertInto('avatars').values({ user_id: id, content_type: 'image/png', bytes }).execute()
  await db.updateTable('users').set({ avatar_etag: 'tag' }).where('id', '=', id).execute()
  for (const path of ['/avatar/countess', '/avatar/Ada']) {
    const answer = await get(path)
    expect([answer.status, await answer.text()]).toEqual([200, 'a picture'])
  }
  expect((await get('/avatar/nobody')).status).toBe(404)
})

it('who takes the name when it is free has its pages', async () => {
  const { db } = scene.app
  await db.deleteFrom('held_usernames').execute()
  expect((await get('/ada')).status).toBe(404)
})
