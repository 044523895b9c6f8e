import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from './database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** Tables and columns as `tables.ts` describes them. */
function described(): string[] {
  const url = new URL('../src/platform/db/tables.ts', import.meta.url)
  const source = ts.createSourceFile('tables.ts', readFileSync(url, 'utf8'), ts.ScriptTarget.Latest)
  const tables = source.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === 'Tables')
  if (!tables || !ts.isInterfaceDeclaration(tables)) throw new Error('no interface Tables')
  return tables.members.flatMap((table) => {
    if (!ts.isPropertySignature(table) || !table.type || !ts.isTypeLiteralNode(table.type))
      throw new Error('not a table')
    const name = table.name.getText(source)
    return table.type.members.map((column) => `${name}.${column.name?.getText(source)}`)
  })
}

it('tables.ts names exactly the tables and columns that the migrations make', async () => {
  const { rows } = await database.pool.query<{ name: string }>(`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and table_name not like 'schema_migrations%'`)
  expect(described().sort()).toEqual(rows.map((row) => row.name).sort())
})
