import { readFileSync } from 'node:fs'
import type { RequestEvent } from '@sveltejs/kit'
import pino from 'pino'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashToken, randomUid } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { createPainter, type Painter } from '#platform/pictures/painter.ts'
import { memoryRateLimiter } from '#platform/rate-limit.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { GET as ofOffer } from './[user]/[slug]/preview.png/+server.ts'
import { GET as ofProfile } from './[user]/preview.png/+server.ts'
import { offerOf } from './offer.server.ts'
import { THEMES } from './picture.server.ts'
import { previewOf } from './preview.server.ts'
import { sharedOffer } from './shared.server.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let test: TestContext
let host: TestHost
let painter: Painter
let drawings = 0
beforeAll(async () => {
  test = await testContext()
  const count = (line: string) => {
    if (line.includes('picture drawn')) drawings++
  }
  const log = pino({}, { write: count })
  painter = createPainter({ log })
})
afterAll(async () => {
  await painter.close()
  await test.close()
})
beforeEach(async () => {
  host = await insertHost(test.database.db)
  await insertEventType(test.database.db, host.id, { title: 'Maths', durations: [30, 60] })
  drawings = 0
})

interface Answer {
  status: number
  /** A picture, or the path to go on to. */
  body: Buffer
  location: string | null
  headers: Headers
  statements: number
}

/** What the server answers at a path. */
async function ask(
  path: string,
  { ctx = {}, headers = {} }: { ctx?: Partial<Ctx>; headers?: object } = {},
): Promise<Answer> {
  const url = new URL(path, 'https://book.example.org')
  const [user = '', slug = ''] = url.pathname.slice(1).split('/')
  const set = new Headers()
  const event = {
    url,
    params: { user, slug },
    request: new Request(url, { headers: headers as Record<string, string> }),
    locals: { ctx: { ...test.visitor, painter, ...ctx } },
    setHeaders: (more: Record<string, string>) =>
      Object.entries(more).forEach(([name, value]) => void set.set(name, value)),
  }
  const before = test.database.count.statements
  const get = (slug === 'preview.png' ? ofProfile : ofOffer) as unknown as (event: unknown) => Promise<Response>
  try {
    const answer = await get(event)
    return {
      ...{ status: answer.status, body: Buffer.from(await answer.arrayBuffer()) },
      ...{ location: answer.headers.get('location'), headers: answer.headers },
      statements: test.database.count.statements - before,
    }
  } catch (thrown) {
    const { status, location } = thrown as { status: number; location: string }
    if (!location) throw thrown
    return { status, location, body: Buffer.alloc(0), headers: set, statements: 0 }
  }
}

/** Where the picture of a page stands today. */
async function versioned(path: string, options: { ctx?: Partial<Ctx> } = {}): Promise<string> {
  const { status, location, headers } = await ask(`${path}/preview.png`, options)
  expect([status, headers.get('cache-control')]).toEqual([302, 'private, no-cache'])
  return location ?? ''
}

const change = (values: object) => test.database.db.updateTable('users').set(values).where('id', '=', host.id).execute()
const changeType = (values: object) =>
  test.database.db.updateTable('event_types').set(values).where('user_id', '=', host.id).execute()

async function upload(etag: string): Promise<void> {
  const row = { user_id: host.id, content_type: 'image/png', bytes: PNG }
  await test.database.db
    .insertInto('avatars')
    .values(row)
    .onConflict((one) => one.doNothing())
    .execute()
  await change({ avatar_etag: etag })
}

describe('the picture of a page', () => {
  it('is a PNG to be kept for as long as anybody likes', async () => {
    for (const path of [`/${host.username}`, `/${host.username}/talk`]) {
      const address = await versioned(path)
      expect(address).toMatch(new RegExp(`^${path}/preview.png\\?lang=en&v=[\\w-]{22}$`))
      const { status, body, headers } = await ask(address)
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        ...[200, 'image/png', 'public, max-age=31536000, immutable'],
      ])
      expect(body.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n')
      expect([body.readUInt32BE(16), body.readUInt32BE(20)]).toEqual([1200, 630])
      const again = await ask(address, { headers: { 'if-none-match': headers.get('etag') } })
      expect([again.status, again.body.length]).toEqual([304, 0])
    }
    expect(drawings).toBe(2)
  })

  it('is drawn once for 50 who ask at once, with as many statements as a page and one more', async () => {
    await upload('one')
    const address = await versioned(`/${host.username}/talk`)
    const before = test.database.count.statements
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(address)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.length}`)).size).toBe(1)
    expect([drawings, test.database.count.statements - before]).toEqual([1, 51])
    expect((await ask(address)).statements).toBe(1)
    const profile = await versioned(`/${host.username}`)
    expect([(await ask(profile)).statements, (await ask(profile)).statements, drawings]).toEqual([2, 1, 2])
  })

  it('has another address as soon as it shows something else, and the old one leads there', async () => {
    const path = `/${host.username}/talk`
    const seen = [await versioned(path)]
    const other = async () => {
      const address = await versioned(path)
      expect(seen).not.toContain(address)
      seen.push(address)
    }
    await changeType({ title: 'Physics' })
    await other()
    await changeType({ durations: [30, 45] })
    await other()
    await change({ name: 'Ada' })
    await other()
    await change({ brand_color: '#c2185b' })
    await other()
    await change({ page_theme: 'dark' })
    await other()
    await change({ hide_branding: true })
    await other()
    await upload('two')
    await other()
    await change({ bio: 'Says nothing there', page_theme: 'dark' })
    expect(await versioned(path)).toBe(seen.at(-1))
    const old = await ask(seen[0] ?? '')
    expect([old.status, old.location, drawings]).toEqual([302, seen.at(-1), 0])
  })

  it('is in the language that its address asks for, unless the page insists on one', async () => {
    const path = `/${host.username}/talk`
    const german = await versioned(path, { ctx: { locale: 'de' } })
    expect(german).toMatch(/\?lang=de&/)
    // Whoever fetches it reads another language.
    expect((await ask(german)).status).toBe(200)
    expect(await versioned(path)).not.toBe(german.replace('lang=de', 'lang=en'))
    await changeType({ options: JSON.stringify({ language: 'de' }) })
    expect(await versioned(path)).toBe(german)
  })

  it('of a group link shows everybody, with one statement for all their pictures', async () => {
    const other = await insertHost(test.database.db)
    await test.database.db
      .updateTable('users')
      .set({ group_links: true })
      .where('id', 'in', [host.id, other.id])
      .execute()
    await insertEventType(test.database.db, other.id)
    await upload('three')
    const address = await versioned(`/${host.username}+${other.username}/30`)
    const { status, statements, headers } = await ask(address)
    expect([status, statements, headers.get('x-robots-tag')]).toEqual([200, 2, 'noindex'])
  })

  it('is what the page names', async () => {
    const event = { params: {}, locals: { ctx: test.visitor }, url: new URL('https://x') } as unknown as RequestEvent
    const found = await offerOf(event, { user: host.username, slug: 'talk' })
    const shared = found && sharedOffer(found)
    if (!shared) throw new Error('no offer')
    const { image } = previewOf(event, shared)
    expect(image).toBe(`https://book.example.org${await versioned(`/${host.username}/talk`)}`)
  })

  it('is there for search engines where the page is', async () => {
    const robots = async (path: string) => (await ask(await versioned(path))).headers.get('x-robots-tag')
    const paths = [`/${host.username}`, `/${host.username}/talk`]
    expect(await Promise.all(paths.map(robots))).toEqual(['noindex', 'noindex'])
    await change({ search_indexed: true })
    expect(await Promise.all(paths.map(robots))).toEqual([null, null])
  })

  it('of what is not there, or not shown to all, is not there either', async () => {
    const shown = await versioned(`/${host.username}/talk`)
    expect((await ask(shown)).status).toBe(200)
    await changeType({ hidden: true })
    const paths = [
      shown,
      `/${host.username}/none/preview.png`,
      '/nobody/preview.png',
      `/${host.username}+nobody/30/preview.png`,
    ]
    for (const path of [...paths, `/${host.username}+nobody/preview.png`]) {
      const { status, body, headers } = await ask(path)
      expect([path, status, body.length, headers.get('cache-control')]).toEqual([path, 404, 0, 'no-store'])
    }
  })

  it('leads from a username that was given up to the present one, for as long as its page does', async () => {
    const former = `former${host.id}`
    const until = test.clock.now().add({ hours: 24 })
    await test.database.db.insertInto('held_usernames').values({ username: former, user_id: host.id, until }).execute()
    for (const rest of ['preview.png?lang=de', 'talk/preview.png?lang=de']) {
      const { status, location, headers } = await ask(`/${former}/${rest}`)
      expect([status, location, headers.get('cache-control')]).toEqual([
        ...[308, `/${host.username}/${rest}`, 'private, no-cache'],
      ])
    }
  })

  it('is not drawn for whoever wants too many, and says until when', async () => {
    const rateLimiter = memoryRateLimiter(true)
    const from = (clientAddress: string) => ({ ctx: { rateLimiter, clientAddress } })
    for (let i = 0; i < 60; i++) await rateLimiter.consume({ name: 'picture', attempts: 60, seconds: 60 }, '192.0.2.7')
    const address = await versioned(`/${host.username}`)
    const refused = await ask(address, from('192.0.2.7'))
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([429, 'no-store'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask(address, from('192.0.2.8'))).status).toBe(200)
    // What is there already costs nothing.
    expect((await ask(address, from('192.0.2.7'))).status).toBe(200)
  })
})

it('pictures of private links do not exist', async () => {
  const { id } = await test.database.db
    .selectFrom('event_types')
    .where('user_id', '=', host.id)
    .select('id')
    .executeTakeFirstOrThrow()
  const token = randomUid()
  const link = { token_hash: hashToken(token), sealed_token: '', label: '', most_uses: 1, starts: null, duration: null }
  const person = { person_name: 'Bo', person_email: 'bo@example.net' }
  await test.database.db
    .insertInto('private_links')
    .values({ event_type_id: id, ...link, ...person, expires_at: null, created_at: Temporal.Now.instant() })
    .execute()
  const event = { params: {}, locals: { ctx: test.visitor }, url: new URL('https://x') } as unknown as RequestEvent
  const found = await offerOf(event, { token })
  expect([found?.offer.eventType.title, found && sharedOffer(found)]).toEqual(['Maths', null])
})

it('pictures have the colours of the pages', () => {
  const tokens = readFileSync(new URL('../../ui/tokens.css', import.meta.url), 'utf8')
  const token = (name: string) =>
    new RegExp(`--${name}: light-dark\\((.+)\\);`).exec(tokens)?.[1]?.match(/#[0-9a-f]{6}/g)
  const names = {
    paper: 'paper',
    ink: 'ink',
    soft: 'ink-soft',
    fill: 'accent',
    onFill: 'on-accent',
    accent: 'accent-ink',
  }
  for (const [color, name] of Object.entries(names)) {
    const { light, dark } = THEMES as Record<string, Record<string, string>>
    expect([name, token(name)]).toEqual([name, [light?.[color], dark?.[color]]])
  }
})
