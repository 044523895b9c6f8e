import { createServer } from 'node:http'
import { createServer as createVite } from 'vite'
import { loadConfig } from '#platform/config.ts'
import { createLog } from '#platform/log.ts'
import { createFront } from './front.ts'
import { newSetUpLink } from './onboarding.ts'
import { boot } from './runtime.ts'
import { publishServices } from './services.ts'

/** The same process as `npm start`, with pages compiled on demand and mails caught. */
const config = loadConfig({ SUNDIAL_MODE: 'development', LOG_LEVEL: 'warn', ...process.env })
const log = createLog(config.logLevel)
const runtime = await boot(config, { log, progress: () => {}, worker: true })
publishServices(runtime.services)
const server = createServer()
const vite = await createVite({ server: { middlewareMode: { server } } })
server.on(
  'request',
  createFront(runtime.services, runtime.metrics, (req, res, next) => vite.middlewares(req, res, next)),
)
server.listen(config.port, config.host, async () => {
  process.stdout.write(`\n  Sundial (development):  ${config.url.origin}\n`)
  const setUpLink = await newSetUpLink(runtime.services)
  if (setUpLink) process.stdout.write(`  Set it up here (the link works once):\n  ${setUpLink}\n`)
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, async () => {
    await vite.close()
    await runtime.stop()
    process.exit(0)
  })
}
