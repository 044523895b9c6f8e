import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Embedded, startEmbedded } from '#platform/db/embedded.ts'

/**
 * A process to be killed. Starts or joins the server of the directory named as its argument and says so; on "write" it
 * inserts rows for ever and says each number that was acknowledged; on "stop" it leaves; on the end of its input it goes.
 */
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  const embedded = await startEmbedded({ dataDir: process.argv[2] ?? '' })
  const { how, pid, host, port } = embedded
  say({ how, pid, host, port })
  for await (const command of createInterface({ input: process.stdin })) {
    if (command === 'write') void write(embedded)
    if (command === 'stop') {
      await embedded.stop()
      say({ stopped: true })
    }
  }
} catch (error) {
  say({ error: (error as Error).message })
}
process.exit()

async function write({ host, port, user, password, database }: Embedded): Promise<never> {
  const server = { host, port, user, password, database }
  for (;;) {
    const client = new pg.Client(server)
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query(
        'create table if not exists acked (id bigint generated always as identity, row uuid default uuidv7())',
      )
      const { rows } = await client.query<{ backend: number }>('select pg_backend_pid() as backend')
      say({ backend: rows[0]?.backend })
      for (;;) {
        const { rows } = await client.query<{ row: string }>('insert into acked default values returning row')
        say({ acked: rows[0]?.row })
      }
    } catch {
      // The server was killed, which is what this is for: go on as soon as it is back.
      await sleep(20)
    }
  }
}
