import { type Compilable, CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Db } from './connect.ts'

/** Where a value goes. */
class Place<Name> {
  readonly name: Name
  constructor(name: Name) {
    this.name = name
  }
}

type Write<Row, Values> = (
  db: Db,
  value: <Name extends keyof Values>(name: Name) => RawBuilder<Values[Name]>,
) => RawBuilder<Row> | Compilable<Row>

/**
 * A statement of which nothing but the values ever changes. It is written when it is first asked and sent with other values from then on:
 * a long one takes longer to write than its answer to read, and its text longer to recognise.
 * @param write says with `value` where each goes, as often as it likes
 */
export function statement<Row, Values extends object>(
  write: Write<Row, Values>,
): (db: Db, values: Values) => Promise<Row[]> {
  let written: CompiledQuery<Row> | undefined
  return async (db, values) => {
    written ??= writtenBy(db.withoutPlugins(), write)
    const parameters = written.parameters.map((one) => (one instanceof Place ? values[one.name as keyof Values] : one))
    const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(written.sql, parameters))
    return rows
  }
}

function writtenBy<Row, Values>(db: Db, write: Write<Row, Values>): CompiledQuery<Row> {
  const made = write(db, (name) => sql`${new Place(name)}`)
  return 'isRawBuilder' in made ? made.compile(db) : made.compile()
}
