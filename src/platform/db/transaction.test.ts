import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '#test/database.ts'
import { type Tx, transaction } from './transaction.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.db.deleteFrom('instance_settings').execute()
})

const write = (tx: Tx, key: string) => tx.insertInto('instance_settings').values({ key, value: '{}' }).execute()
const kept = async () =>
  (await database.db.selectFrom('instance_settings').select('key').orderBy('key').execute()).map(({ key }) => key)

describe('a transaction in a transaction', () => {
  it('is kept with the whole', async () => {
    await transaction(database.db, async (tx) => {
      await write(tx, 'a')
      await transaction(tx, (part) => write(part, 'b'))
    })
    expect(await kept()).toEqual(['a', 'b'])
  })

  it('is undone alone when it fails, also by the database', async () => {
    await transaction(database.db, async (tx) => {
      await write(tx, 'a')
      const failing = transaction(tx, async (part) => {
        await write(part, 'b')
        await write(part, 'a')
      })
      await expect(failing).rejects.toThrow(/duplicate key/)
      await transaction(tx, (part) => transaction(part, (inner) => write(inner, 'c')))
    })
    expect(await kept()).toEqual(['a', 'c'])
  })

  it('is undone with the whole', async () => {
    const whole = transaction(database.db, async (tx) => {
      await transaction(tx, (part) => write(part, 'a'))
      throw new Error('no')
    })
    await expect(whole).rejects.toThrow('no')
    expect(await kept()).toEqual([])
  })
})
