import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase, testDatabase } from './database.ts'

const made: Pick<TestDatabase, 'drop'>[] = []
afterAll(() => Promise.all(made.map((database) => database.drop())))

async function kept<T extends Pick<TestDatabase, 'drop'>>(making: Promise<T>): Promise<T> {
  const database = await making
  made.push(database)
  return database
}

const tablesOf = async (server: pg.PoolConfig | string) => {
  const client = new pg.Client(server)
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  )
  await client.end()
  return rows.map((row) => row.name)
}

test('a test database has the schema and is nobody else’s', async () => {
  const [one, other] = await Promise.all([kept(testDatabase()), kept(testDatabase())])
  const setting = { key: 'only-here', value: JSON.stringify({}) }
  await one.db.insertInto('instance_settings').values(setting).execute()
  expect(await one.db.selectFrom('instance_settings').select('key').execute()).toEqual([{ key: 'only-here' }])
  expect(await other.db.selectFrom('instance_settings').select('key').execute()).toEqual([])
  expect(one.count.statements).toBe(2)
})

test('its address works as DATABASE_URL', async () => {
  const { url } = await kept(testDatabase())
  expect(await tablesOf(url)).toContain('bookings')
})

test('an empty database has no tables', async () => {
  const { server } = await kept(emptyDatabase())
  expect(await tablesOf(server)).toEqual([])
})

test('a dropped database is gone, whoever was connected', async () => {
  const { server, drop } = await testDatabase()
  const client = new pg.Client(server)
  client.on('error', () => undefined)
  await client.connect()
  await drop()
  await expect(tablesOf(server)).rejects.toThrow('does not exist')
})
