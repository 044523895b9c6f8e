import { z } from 'zod'

const FORMAT = 'sundial-backup'
const VERSION = 1

const Header = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  created: z.iso.datetime(),
  postgres: z.string(),
  /** Migrations the data was written under, in order. */
  migrations: z.array(z.string()),
  jobs: z.number().nullable(),
  tables: z.array(z.string()),
})
export type Header = z.infer<typeof Header>

export const TableStart = z.object({ name: z.string(), columns: z.array(z.string()) })
export const TableEnd = z.object({ rows: z.number() })
export const Sequences = z.array(z.object({ name: z.string(), last: z.string().nullable() }))

export function newHeader(rest: Omit<Header, 'format' | 'version'>): Header {
  return { format: FORMAT, version: VERSION, ...rest }
}

/** @throws the reason why this code can't read the backup. */
export function parseHeader(payload: Buffer): Header {
  const said: unknown = JSON.parse(payload.toString('utf8'))
  const version = (said as { version?: unknown } | null)?.version
  if (typeof version === 'number' && version > VERSION) {
    throw new Error(`it has format ${version}, and this version of Sundial reads up to ${VERSION}`)
  }
  return Header.parse(said)
}
