import { loadAssistantKey } from '#platform/config.ts'
import { uuidv7 } from '#platform/crypto.ts'
import { AppError } from '#platform/errors.ts'
import { admitted } from '#platform/http/api/admission.ts'
import { ownerOf } from '../key-owner.ts'
import { boot } from '../runtime.ts'
import { configAndLog } from './process.ts'
import { type Command, readArguments, UsageError } from './usage.ts'

export const mcp: Command = {
  name: 'mcp',
  summary: 'let an assistant on this machine find times and book, over standard input and output',
  help: `SUNDIAL_API_KEY=sun_… npm run --silent sundial -- mcp [--no-confirm]

Speaks the Model Context Protocol until its input ends. The key is from Settings → Security: the assistant acts for
its owner and sees the tools that the key is for. It stands in the environment, where other users of this machine
don't see it. Elsewhere, let the assistant connect to /mcp of the public address.

  --no-confirm   cancel and move at once, without showing first what would change`,
  async run(args) {
    const { values } = readArguments(args, { 'no-confirm': { type: 'boolean', default: false } })
    const key = loadAssistantKey()
    if (key === null) throw new UsageError('SUNDIAL_API_KEY is missing.')
    const { config, log } = configAndLog()
    const runtime = await boot(config, { log, progress: () => {}, worker: false })
    try {
      const { services } = runtime
      const headers = new Headers({ authorization: `Bearer ${key}` })
      const caller = async () => {
        const arrival = { headers, requestId: `mcp:${uuidv7()}`, clientAddress: '' }
        const { ctx, key: used } = await admitted(
          services,
          (one) => ownerOf(services, one),
          arrival,
          () => {},
        )
        if (used === null) throw new AppError('api_key_required', 'unauthenticated')
        return { ctx, key: used }
      }
      await caller()
      const [{ serveStdio }, { tools, version }] = await Promise.all([
        import('#platform/mcp/stdio.ts'),
        import('../mcp.ts'),
      ])
      await serveStdio({ tools, version, caller, log, confirm: !values['no-confirm'] })
      return 0
    } finally {
      await runtime.stop()
    }
  },
}
