import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Config, ConfigError, loadConfig, projectRoot } from '#platform/config.ts'
import { EmbeddedError } from '#platform/db/embedded/error.ts'
import { SchemaError } from '#platform/db/migrate.ts'
import { createLog, type Log } from '#platform/log.ts'
import { createFront } from './front.ts'
import { newSetUpLink } from './onboarding.ts'
import { boot, type Runtime } from './runtime.ts'
import { publishServices } from './services.ts'

/** Requests and jobs under way get this long to finish after SIGTERM. */
const DRAIN_MS = 10_000

/** A reason not to start that the operator can do something about. */
class StartError extends Error {}

async function main(): Promise<void> {
  const started = performance.now()
  const config = configOrExit()
  const log = createLog(config.logLevel)
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const runtime = await boot(config, {
    log,
    progress: (step) => say(`${step} …`),
    worker: config.roles.has('worker'),
  }).catch((error) => exitWith(error, log))
  const server = config.roles.has('web')
    ? await serve(config, runtime).catch(async (error) => {
        await runtime.stop()
        return exitWith(error, log)
      })
    : null
  if (!server) giveBackMemory()
  stopOnSignal(server, runtime, log)

  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (server) {
    say(`\n  Sundial is ready in ${seconds} s:  ${config.url.origin}\n`)
    const setUpLink = await newSetUpLink(runtime.services)
    if (setUpLink) say(`  Set it up here (the link works once):\n  ${setUpLink}\n`)
  } else say(`\n  The Sundial worker is ready in ${seconds} s.\n`)
}

/** What only the start needed, before anybody waits for an answer. Does nothing where the flag of the launcher is missing. */
function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

function configOrExit(): Config {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

function exitWith(error: unknown, log: Log): never {
  if (error instanceof SchemaError || error instanceof EmbeddedError || error instanceof StartError)
    process.stderr.write(`${error.message}\n`)
  else log.fatal({ err: error }, 'could not start')
  process.exit(1)
}

async function serve(config: Config, { services, metrics }: Runtime): Promise<Server> {
  publishServices(services)
  process.env.PROTOCOL_HEADER = 'x-forwarded-proto'
  // Two files of 5 MB with a booking (event-types/questions/rules.ts), and the rest of the form.
  process.env.BODY_SIZE_LIMIT = '11M'
  const { handler } = await import(pathToFileURL(join(projectRoot, 'build', 'handler.js')).href)
  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 30_000, requestTimeout: 60_000 },
    createFront(services, metrics, handler),
  )
  giveBackMemory()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const { port } = config
      reject(error.code === 'EADDRINUSE' ? new StartError(`Port ${port} is in use. Set PORT to a free one.`) : error)
    })
    server.listen(config.port, config.host, resolve)
  })
  return server
}

function stopOnSignal(server: Server | null, runtime: Runtime, log: Log): void {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    const force = setTimeout(() => process.exit(1), DRAIN_MS + 5_000)
    force.unref()
    if (server) {
      server.close()
      server.closeIdleConnections()
      await new Promise<void>((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
        server.once('close', () => {
          clearTimeout(cut)
          resolve()
        })
      })
    }
    await runtime.stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
}

await main()
