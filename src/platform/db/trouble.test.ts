import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { transaction } from './transaction.ts'
import { databaseTrouble } from './trouble.ts'

let test: TestContext

beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it worked'),
    (failure: unknown) => failure,
  )

describe('what a database in trouble says', () => {
  it.each([
    ['disk_full', 'storage_full'],
    ['cannot_connect_now', 'database_unavailable'],
    ['crash_shutdown', 'database_unavailable'],
    ['too_many_connections', 'database_unavailable'],
  ])('%s is %s', async (condition, code) => {
    const failure = await failureOf(
      sql`do ${sql.raw(`$$ begin raise exception using errcode = '${condition}'; end $$`)}`.execute(test.services.db),
    )
    expect(databaseTrouble(failure)).toMatchObject({ code, kind: 'unavailable', cause: failure })
  })

  it('a connection that is ended while it works', async () => {
    const ended = sql`select pg_terminate_backend(pg_backend_pid())`.execute(test.services.db)
    expect(databaseTrouble(await failureOf(ended))?.code).toBe('database_unavailable')
  })

  it('a connection that is ended between two statements of a transaction', async () => {
    const { db } = test.services
    const work = transaction(db, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(db)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await sql`select 1`.execute(tx)
    })
    expect(databaseTrouble(await failureOf(work))?.code).toBe('database_unavailable')
  })

  it('nobody who listens', async () => {
    for (const server of [
      { host: '127.0.0.1', port: 1 },
      { host: '/nowhere', port: 5432 },
    ]) {
      const failure = await failureOf(new pg.Client(server).connect())
      expect(databaseTrouble(failure)?.code).toBe('database_unavailable')
    }
  })

  it('what is wrong with a statement is no trouble of the database', async () => {
    const { db } = test.services
    const wrong = [sql`select 1 / 0`, sql`select * from nowhere`].map((statement) => failureOf(statement.execute(db)))
    for (const failure of await Promise.all(wrong)) expect(databaseTrouble(failure)).toBeNull()
    expect(databaseTrouble(Object.assign(new Error('open'), { code: 'ENOENT', syscall: 'open' }))).toBeNull()
  })
})
