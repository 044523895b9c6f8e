import { readdirSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyDatabase } from '#test/database.ts'
import { migrate, requireCurrentSchema, SchemaError } from './migrate.ts'

const files = readdirSync(new URL('../../../migrations/', import.meta.url)).map((file) => file.replace(/\.sql$/, ''))

let database: Awaited<ReturnType<typeof emptyDatabase>>
beforeAll(async () => {
  database = await emptyDatabase()
})
afterAll(() => database.drop())

async function run(statement: string): Promise<void> {
  const client = new pg.Client(database.server)
  await client.connect()
  await client.query(statement)
  await client.end()
}

const refusal = () =>
  requireCurrentSchema(database.server).then(
    () => null,
    (error: unknown) => (error instanceof SchemaError ? error.message : Promise.reject(error)),
  )

describe('the schema', () => {
  it('is not served while migrations are missing, and the refusal names them', async () => {
    expect(await refusal()).toContain(
      `The database lacks ${[...files].sort().join(', ')}. Run: npm run sundial -- migrate`,
    )
  })

  it('is made once by six processes at the same time', async () => {
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(database.server)))
    expect(applied.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, files.length])
    expect(await refusal()).toBeNull()
  })

  it('is not served when a newer version has been there', async () => {
    await run(`insert into schema_migrations (name, timestamp) values ('9999_from_the_future', '2030-01-01T00:00:00Z')`)
    expect(await refusal()).toContain('9999_from_the_future, which this version does not know')
    await expect(migrate(database.server)).rejects.toThrow(SchemaError)
  })
})
