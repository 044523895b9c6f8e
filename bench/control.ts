import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import compression from 'compression'
import { freePort } from '#test/processes.ts'
import { answers, stopProcess } from './server.ts'

/** A plain server that always gives the same answer: what a request costs when nothing is done for it. */
export interface Control {
  url: URL
  stop(): Promise<void>
}

interface Content {
  body: Buffer
  headers: Record<string, string>
  /** Compress every answer anew, as our own server does with pages. */
  compressed: boolean
}

/** Starts it as a process of its own, as the server is one. */
export async function startControl({ body, headers, compressed }: Content): Promise<Control> {
  const folder = mkdtempSync(join(tmpdir(), 'sundial-bench-control-'))
  const file = join(folder, 'body')
  writeFileSync(file, body)
  const port = await freePort()
  const url = new URL(`http://127.0.0.1:${port}`)
  const settings = JSON.stringify({ file, headers, compressed, port })
  const child = spawn(process.execPath, [import.meta.filename, settings], { stdio: ['ignore', 'ignore', 'inherit'] })
  while (child.exitCode === null && !(await answers(url))) await sleep(10)
  if (child.exitCode !== null) throw new Error('the control did not start')
  return {
    url,
    async stop() {
      await stopProcess(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Settings extends Omit<Content, 'body'> {
  file: string
  port: number
}

function serve({ file, headers, compressed, port }: Settings): void {
  const body = readFileSync(file)
  const compress = compression()
  createServer((req, res) => {
    const send = () => {
      res.writeHead(200, compressed ? headers : { ...headers, 'content-length': body.length })
      res.end(body)
    }
    if (compressed) compress(req as never, res as never, send)
    else send()
  }).listen(port, '127.0.0.1')
}

if (import.meta.main) serve(JSON.parse(process.argv[2] ?? '') as Settings)
