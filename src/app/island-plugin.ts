import { createHash } from 'node:crypto'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, type Plugin } from 'vite'

/** The one part of visitors' pages that runs in the browser. */
const ENTRY = 'src/features/bookings/ui/island.ts'
const ID = 'virtual:booker-island'

/**
 * Builds the island beside Kit's own bundles and gives the server its address. It is a file of its own, so a visitor loads neither Kit
 * nor the router; it lies among Kit's immutable files, so it is served, compressed and cached like them.
 */
export function island(): Plugin {
  let development = false
  let bundled: Promise<{ fileName: string; code: string }> | undefined
  const bundle = () => {
    bundled ??= bundleIsland()
    return bundled
  }
  return {
    name: 'sundial:island',
    configResolved({ command }) {
      development = command === 'serve'
    },
    resolveId(id) {
      return id === ID ? `\0${ID}` : undefined
    },
    async load(id) {
      if (id !== `\0${ID}`) return undefined
      const path = development ? ENTRY : (await bundle()).fileName
      return `export const address = ${JSON.stringify(`/${path}`)}`
    },
    async generateBundle() {
      if (development || this.environment.name !== 'client') return
      const { fileName, code } = await bundle()
      this.emitFile({ type: 'asset', fileName, source: code })
    },
  }
}

async function bundleIsland(): Promise<{ fileName: string; code: string }> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    // The page brings the styles, inlined.
    plugins: [svelte({ configFile: false, compilerOptions: { css: 'external' } })],
    build: { write: false, modulePreload: false, rolldownOptions: { input: ENTRY, output: { codeSplitting: false } } },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []))
  const chunk = outputs.find((one) => one.type === 'chunk')
  if (!chunk) throw new Error(`${ENTRY} was built to nothing`)
  const hash = createHash('sha256').update(chunk.code).digest('base64url').slice(0, 8)
  return { fileName: `_app/immutable/booker.${hash}.js`, code: chunk.code }
}
