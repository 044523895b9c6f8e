import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, type Plugin } from 'vite'

/** The one part of visitors' pages that runs in the browser. */
const ENTRY = 'src/features/bookings/ui/island.ts'
const ID = 'virtual:booker-island'
/** Beside Kit's own files, so that ours are compressed, served and cached like them. */
const FOLDER = '_app/immutable/booker'

interface Script {
  fileName: string
  code: string
}

interface Scripts {
  all: Script[]
  /** The one that the page names; it loads others when they are needed. */
  first: Script
}

/**
 * Builds the island beside Kit's own bundles and gives the server its address. It is a bundle of its own, so a visitor loads neither
 * Kit nor its router.
 */
export function island(): Plugin {
  let development = false
  let built: Promise<Scripts> | undefined
  const scripts = () => {
    built ??= buildIsland()
    return built
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
      const path = development ? ENTRY : (await scripts()).first.fileName
      return `export const address = ${JSON.stringify(`/${path}`)}`
    },
    async generateBundle() {
      if (development || this.environment.name !== 'client') return
      for (const { fileName, code } of (await scripts()).all) this.emitFile({ type: 'asset', fileName, source: code })
    },
  }
}

async function buildIsland(): Promise<Scripts> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    // The page brings the styles, inlined.
    plugins: [svelte({ configFile: false, compilerOptions: { css: 'external' } })],
    build: {
      write: false,
      // As a library: what is loaded later then comes by plain import(), without a loader of styles.
      lib: { entry: ENTRY, formats: ['es'] },
      rolldownOptions: {
        preserveEntrySignatures: false,
        // Svelte's index names them all, and these two are used by later parts only: where they are, they are just functions.
        treeshake: {
          moduleSideEffects: (id) => !/internal\/client\/dom\/(elements\/bindings\/input|blocks\/html)\.js$/.test(id),
        },
        output: {
          minify: true,
          entryFileNames: `${FOLDER}/[hash].js`,
          chunkFileNames: `${FOLDER}/[hash].js`,
          // Everything that is needed at once in one file: one request.
          codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }], includeDependenciesRecursively: false },
        },
      },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []))
  const chunks = outputs.filter((one) => one.type === 'chunk')
  const first = chunks.find((one) => one.isEntry)
  if (!first || first.imports.length > 0) throw new Error(`${ENTRY} must become one file`)
  return { all: chunks, first }
}
