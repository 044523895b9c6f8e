/**
 * The import rules of ARCHITECTURE.md. `node test/imports.ts` checks the tree; type imports, aliases and dynamic imports count, and
 * paths are resolved to the real file before they are judged.
 */
import { existsSync, globSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface Violation {
  /** `file → what it imports` below the root. */
  edge: string
  rule: string
}

/** Features by rank; a feature imports only lower ones, and those of the last rank answer events instead of knowing each other. */
const RANKS: readonly (readonly string[])[] = [
  ['accounts'],
  ['connections'],
  ['schedules', 'busy-times', 'event-types', 'resources'],
  ['availability'],
  ['bookings'],
  [
    ...['routing-forms', 'conferencing', 'calendar-sync', 'notifications', 'webhooks', 'workflows', 'payments'],
    ...['crm-sync', 'insights', 'polls', 'imports', 'privacy'],
  ],
]

/** What a feature shows to higher ones. */
const PUBLIC_FILES = new Set(['schema', 'types', 'events', 'queries', 'commands', 'errors'])
/** Pure text formatting that runs in the browser too. */
const ISOMORPHIC_PLATFORM = new Set(['src/platform/i18n/format.ts', 'src/platform/i18n/locale.ts'])

/** The area a path belongs to, such as `features/bookings`; `npm` for packages and `node:` modules. */
function areaOf(path: string): string {
  if (!path.startsWith('src/')) return path.split('/')[0] ?? ''
  const [, area = '', name = ''] = path.split('/')
  return area === 'features' || area === 'integrations' ? `${area}/${name}` : area
}

const rankOf = (feature: string) => RANKS.findIndex((names) => names.includes(feature))

/** The rule an import breaks, or null. Both paths are below the root with `/`; `to` is a package name for packages. */
function brokenRule(from: string, to: string, isPackage: boolean): string | null {
  const area = areaOf(from)
  if (isTestFile(from) && (isPackage || to.startsWith('test/'))) return null
  if (area === 'sdk')
    return isPackage || areaOf(to) !== 'sdk' ? 'the client stands alone: it has no dependencies' : null
  if (isPackage) return packageRule(from, area, to)
  const target = areaOf(to)
  if (target === area && !to.includes('/routes/')) return featureUiRule(from, to)
  if (target === 'routes' || target === 'app') {
    return area === 'routes' || area === 'app'
      ? publicRouteRule(from, to)
      : 'nobody imports routes or app: pass what you need as an argument'
  }
  if (area === 'engine') return 'the engine imports nothing of the product'
  if (area === 'platform') return 'the platform imports npm packages only: move product knowledge into a feature'
  if (area === 'ui') {
    if (target === 'engine' || ISOMORPHIC_PLATFORM.has(to)) return null
    return 'components know no product nouns: pass data as props'
  }
  if (area.startsWith('features/')) return featureRule(from, to, area, target)
  if (area.startsWith('integrations/')) return integrationRule(to, target)
  if (area === 'routes') return publicRouteRule(from, to)
  return null
}

function packageRule(from: string, area: string, name: string): string | null {
  if (area === 'engine' && name !== 'temporal-polyfill') {
    return isEngineTool(from) && name.startsWith('node:') ? null : 'the engine depends on nothing but Temporal'
  }
  if (isPublicRoute(from) && name.startsWith('bits-ui')) return 'public pages stay small: no dashboard widgets'
  return null
}

function featureRule(from: string, to: string, area: string, target: string): string | null {
  if (isFeatureUi(from)) {
    const fine = target === 'ui' || target === 'engine' || ISOMORPHIC_PLATFORM.has(to)
    return fine ? null : 'components of a feature see its own schema and types, and src/ui'
  }
  if (target === 'engine' || target === 'platform') return null
  if (to.startsWith('src/integrations/_kit/')) return null
  if (target.startsWith('integrations/')) return 'features get vendors from the registry in ctx and never name one'
  if (!target.startsWith('features/')) return 'features import the engine, the platform and lower features'
  const [own, other] = [rankOf(area.slice(9)), rankOf(target.slice(9))]
  if (own < 0 || other < 0) return 'an unranked feature: add it to RANKS in test/imports.ts'
  if (other >= own) return 'features import lower ranks only: answer an event instead'
  return PUBLIC_FILES.has(stemOf(to)) ? null : `only ${[...PUBLIC_FILES].join(', ')} of another feature may be imported`
}

/** Within one feature: its components do not reach for the server's side. */
function featureUiRule(from: string, to: string): string | null {
  if (!isFeatureUi(from) || isFeatureUi(to)) return null
  return ['schema', 'types', 'errors', 'rules'].includes(stemOf(to))
    ? null
    : 'components of a feature see its own schema and types, and src/ui'
}

function integrationRule(to: string, target: string): string | null {
  if (to.startsWith('src/integrations/_kit/') || target === 'engine' || to.startsWith('src/platform/http/')) return null
  return 'an integration knows the kit, engine types and platform/http: never a feature or another vendor'
}

function publicRouteRule(from: string, to: string): string | null {
  if (!isPublicRoute(from)) return null
  const dashboard = to.startsWith('src/routes/(app)/') || to.includes('/ui/dashboard/')
  return dashboard ? 'public pages never import the dashboard' : null
}

/** Programs around the engine: they read files, and the engine does not import them. */
const isEngineTool = (path: string) => /^src\/engine\/(cli\.ts|vectors\/|mutation\/|oracle\/)/.test(path)
const isPublicRoute = (path: string) => path.startsWith('src/routes/(public)/')
const isTestFile = (path: string) => path.endsWith('.test.ts')
/** Their tests may make what the components are given. */
const isFeatureUi = (path: string) => /^src\/features\/[^/]+\/(.*\/)?ui\//.test(path) && !isTestFile(path)
const stemOf = (path: string) => (path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '')

/** Every import under `root`/src and sdk/src that breaks a rule, and how many were judged. */
export function checkImports(root: string): { violations: Violation[]; judged: number } {
  const aliases = aliasesOf(root)
  const violations: Violation[] = []
  let judged = 0
  for (const file of globSync('{src,sdk/src}/**/*.{ts,svelte}', { cwd: root })) {
    const from = file.split(sep).join('/')
    for (const specifier of importsOf(join(root, file))) {
      judged++
      const target = resolveImport(root, from, specifier, aliases)
      const rule = target === null ? 'this path leads nowhere' : brokenRule(from, target.path, target.isPackage)
      if (rule !== null) violations.push({ edge: `${from} → ${target?.path ?? specifier}`, rule })
    }
  }
  return { violations, judged }
}

/** Every way on which a module of Node's would get into a page's script: its files, from the component on. */
export function nodeInBrowser(root: string): string[] {
  const aliases = aliasesOf(root)
  const cameFrom = new Map<string, string | null>()
  const ways: string[] = []
  const queue = globSync(['src/**/*.svelte', 'src/routes/**/+{page,layout}.ts'], { cwd: root })
  for (const start of queue) cameFrom.set(start.split(sep).join('/'), null)
  for (const from of cameFrom.keys()) {
    for (const specifier of importsOf(join(root, from), { typesToo: false })) {
      const target = resolveImport(root, from, specifier, aliases)
      const isCode = target && !target.isPackage && /\.(ts|svelte)$/.test(target.path)
      if (isCode && !cameFrom.has(target.path)) cameFrom.set(target.path, from)
      if (target?.isPackage && target.path.startsWith('node:'))
        ways.push([...wayTo(from, cameFrom), target.path].join(' → '))
    }
  }
  return ways
}

function wayTo(file: string, cameFrom: ReadonlyMap<string, string | null>): string[] {
  const before = cameFrom.get(file)
  return [...(before ? wayTo(before, cameFrom) : []), file]
}

function importsOf(file: string, { typesToo } = { typesToo: true }): string[] {
  const text = readFileSync(file, 'utf8')
  const code = file.endsWith('.svelte')
    ? [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
    : text
  return ts
    .preProcessFile(typesToo ? code : stripTypeScriptTypes(code), true, true)
    .importedFiles.map((imported) => imported.fileName)
}

function aliasesOf(root: string): [prefix: string, folder: string][] {
  const { imports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports?: Record<string, string>
  }
  return Object.entries(imports).map(([alias, target]) => [alias.replace('*', ''), target.replace('*', '')])
}

/** The real file below the root an import leads to, or the package it names; null when there is nothing. */
function resolveImport(
  root: string,
  from: string,
  specifier: string,
  aliases: [string, string][],
): { path: string; isPackage: boolean } | null {
  const alias = aliases.find(([prefix]) => specifier.startsWith(prefix))
  if (!alias && !specifier.startsWith('.')) return { path: specifier, isPackage: true }
  const bare = specifier.replace(/\?.*$/, '')
  const wanted = alias ? join(root, alias[1], bare.slice(alias[0].length)) : resolve(root, dirname(from), bare)
  // `./$types` is written by SvelteKit and describes the route beside it.
  if (bare === './$types') return { path: 'svelte-kit', isPackage: true }
  const found = [wanted, `${wanted}.ts`].find((path) => existsSync(path) && statSync(path).isFile())
  return found ? { path: relative(root, realpathSync(found)).split(sep).join('/'), isPackage: false } : null
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
  const { violations, judged } = checkImports(root)
  for (const { edge, rule } of violations) console.error(`${edge}\n  ${rule}`)
  const ways = nodeInBrowser(root)
  for (const way of ways) console.error(`${way}\n  pages run in browsers, which have nothing of Node`)
  const forbidden = violations.length + ways.length
  console.log(`${judged} imports, ${forbidden} forbidden`)
  process.exit(forbidden === 0 ? 0 : 1)
}
