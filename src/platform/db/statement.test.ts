import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestContext, testContext } from '#test/context.ts'
import { planOf } from '#test/plans.ts'
import { statement } from './statement.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

it('is written once and asked with other values, each as often as it is named and in any order', async () => {
  const { db } = context.services
  let written = 0
  const pair = statement<{ text: string; all: number[]; none: string | null }, { a: string; b: number[]; c: null }>(
    (_db, value) => {
      written++
      return sql`select ${value('a')}::text || ${' & '} || ${value('a')}::text as text, ${value('b')}::int4[] as all,
        ${value('c')}::text as none`
    },
  )
  expect(await pair(db, { c: null, b: [1, 2], a: 'x' })).toEqual([{ text: 'x & x', all: [1, 2], none: null }])
  expect(await pair(db, { a: 'y', b: [], c: null })).toEqual([{ text: 'y & y', all: [], none: null }])
  const within = await db.transaction().execute((tx) => pair(tx, { a: 'z', b: [3], c: null }))
  expect([within[0]?.text, written]).toEqual(['z & z', 1])
})

it('sees what the transaction has written that it is asked in', async () => {
  const { db } = context.services
  const named = statement<{ text: string }, { version: string }>(
    (_db, value) => sql`select text from policy_texts where version = ${value('version')}`,
  )
  const version = 'b'.repeat(43)
  const seen = db.transaction().execute(async (tx) => {
    await tx.insertInto('policy_texts').values({ version, text: 'Be kind.', created_at: context.clock.now() }).execute()
    expect(await named(tx, { version })).toEqual([{ text: 'Be kind.' }])
    throw new Error('no')
  })
  await expect(seen).rejects.toThrow('no')
  expect(await named(db, { version })).toEqual([])
})

it('shows its plan like any other', async () => {
  const one = statement<object, { id: number }>((_db, value) => sql`select * from bookings where id = ${value('id')}`)
  const plan = await planOf(context.database, (db) => one(db, { id: 1 }))
  expect(plan).toMatchObject({ statements: 1, scanned: [] })
})
