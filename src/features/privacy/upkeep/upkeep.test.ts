import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { insertHost } from '#test/offers.ts'
import { forgetWhatIsOld } from './jobs.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext({ env: { SUNDIAL_MAIL_CATCHER: 'true' } })
})
afterAll(() => context.close())

it('what nobody needs any more is forgotten when its time is up, and not before', async () => {
  const { db, config } = context.services
  const { id } = await insertHost(db)
  const now = context.clock.now()
  const before = (days: number, seconds: number) => now.subtract({ hours: 24 * days }).subtract({ seconds })
  for (const [name, seconds] of [
    ['old', 1],
    ['young', -1],
  ] as const) {
    await sql`insert into trash (id, user_id, source, content, deleted_at)
      values (gen_random_uuid(), ${id}, 'trips', ${JSON.stringify({ name })}, ${before(30, seconds)})`.execute(db)
    await sql`insert into deliveries (id, subject, kind, topic, target, version, state, detail, created_at, updated_at)
      values (gen_random_uuid(), ${`booking:${name}`}, 'mail', 't', 'x', 0, 'failed', ${name}, ${now}, ${before(90, seconds)})`.execute(
      db,
    )
    await sql`insert into sessions (id, user_id, token_hash, created_at, last_used_at, expires_at, user_agent)
      values (gen_random_uuid(), ${id}, ${Buffer.from(name)}, ${now}, ${now}, ${before(0, seconds)}, ${name})`.execute(
      db,
    )
    const folder = join(config.dataDir, 'mails')
    await mkdir(folder, { recursive: true })
    const file = join(folder, `${name === 'old' ? 'a' : 'b'.repeat(1)}${'0'.repeat(31)}.eml`)
    await writeFile(file, 'Subject: x\r\n\r\nx')
    await utimes(file, before(30, seconds).epochMilliseconds / 1000, before(30, seconds).epochMilliseconds / 1000)
  }
  await forgetWhatIsOld(context.as({ kind: 'system' }))
  const { rows } = await sql`
    select (select array_agg(content->>'name') from trash) as trash, (select array_agg(user_agent) from sessions) as sessions,
      (select array_agg(detail order by detail) from deliveries) as answers`.execute(db)
  expect(rows).toEqual([{ trash: ['young'], sessions: ['young'], answers: ['', 'young'] }])
  expect(await readdir(join(config.dataDir, 'mails'))).toEqual([`b${'0'.repeat(31)}.eml`])
})
