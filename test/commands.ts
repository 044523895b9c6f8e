/** What the source says of commands: which functions write, and which of those write down that they did. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')
const ALIASES: Record<string, string> = {
  '#platform/': 'src/platform/',
  '#features/': 'src/features/',
  '#app/': 'src/app/',
}
const WRITING_METHODS = new Set(['insertInto', 'updateTable', 'deleteFrom'])
const WRITING_SQL = /\b(insert\s+into|delete\s+from|update\s+\S+\s+(\w+\s+)?set)\b/i

interface Fn {
  name: string
  exported: boolean
  /** Works in a transaction of its caller, who answers for it. */
  inCallersTransaction: boolean
  writes: boolean
  emits: boolean
  /** Names it mentions. */
  mentions: Set<string>
}

interface Module {
  functions: Map<string, Fn>
  /** Local name → file and name there. */
  imports: Map<string, { file: string; name: string }>
}

export interface Command {
  /** `file#name` below `src`. */
  id: string
  emits: boolean
}

/** Every exported function of the files that writes and begins its own transaction. */
export function writingCommands(patterns: readonly string[]): Command[] {
  const modules = new Map<string, Module>()
  const moduleOf = (file: string): Module => {
    const known = modules.get(file)
    if (known) return known
    const made = readModule(file)
    modules.set(file, made)
    return made
  }
  const files = globSync([...patterns], { cwd: root }).sort()
  return files.flatMap((file) =>
    [...moduleOf(file).functions.values()]
      .filter((one) => one.exported && !one.inCallersTransaction)
      .map((one) => ({ id: `${file.replace(/^src\//, '')}#${one.name}`, ...reached(moduleOf, file, one) }))
      .filter(({ writes }) => writes)
      .map(({ id, emits }) => ({ id, emits })),
  )
}

/** Follows a function into whatever it mentions. */
function reached(moduleOf: (file: string) => Module, file: string, fn: Fn): { writes: boolean; emits: boolean } {
  const found = { writes: false, emits: false }
  const seen = new Set<string>()
  const open: [string, Fn][] = [[file, fn]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, one] = next
    if (seen.has(`${at}#${one.name}`)) continue
    seen.add(`${at}#${one.name}`)
    found.writes ||= one.writes
    found.emits ||= one.emits
    const { functions, imports } = moduleOf(at)
    for (const name of one.mentions) {
      const own = functions.get(name)
      if (own) open.push([at, own])
      const there = imports.get(name)
      const foreign = there && moduleOf(there.file).functions.get(there.name)
      if (foreign) open.push([there.file, foreign])
    }
  }
  return found
}

function readModule(file: string): Module {
  const module: Module = { functions: new Map(), imports: new Map() }
  let text: string
  try {
    text = readFileSync(join(root, file), 'utf8')
  } catch {
    return module
  }
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) addImports(module, file, statement)
    else if (ts.isFunctionDeclaration(statement) && statement.name) {
      module.functions.set(
        statement.name.text,
        functionOf(statement.name.text, statement, statement.parameters, source),
      )
    } else if (ts.isVariableStatement(statement)) addConstants(module, statement, source)
  }
  return module
}

function addImports({ imports }: Module, file: string, statement: ts.ImportDeclaration): void {
  const target = fileOf(file, (statement.moduleSpecifier as ts.StringLiteral).text)
  const bindings = statement.importClause?.namedBindings
  if (target === null || !bindings || !ts.isNamedImports(bindings)) return
  for (const { name, propertyName } of bindings.elements) {
    imports.set(name.text, { file: target, name: (propertyName ?? name).text })
  }
}

/** Functions that are kept in a constant. */
function addConstants({ functions }: Module, statement: ts.VariableStatement, source: ts.SourceFile): void {
  for (const { name, initializer } of statement.declarationList.declarations) {
    if (!initializer || !ts.isIdentifier(name)) continue
    const parameters = ts.isArrowFunction(initializer) ? initializer.parameters : []
    const fn = functionOf(name.text, initializer, parameters, source)
    functions.set(name.text, { ...fn, exported: fn.exported || isExported(statement) })
  }
}

function functionOf(
  name: string,
  node: ts.Node,
  parameters: readonly ts.ParameterDeclaration[],
  source: ts.SourceFile,
): Fn {
  const fn: Fn = {
    name,
    exported: isExported(node),
    inCallersTransaction: parameters[0]?.type?.getText(source) === 'Tx',
    ...{ writes: false, emits: false, mentions: new Set() },
  }
  const visit = (part: ts.Node): void => {
    if (ts.isIdentifier(part)) fn.mentions.add(part.text)
    if (ts.isCallExpression(part)) {
      const { expression } = part
      if (ts.isIdentifier(expression) && expression.text === 'emit') fn.emits = true
      if (ts.isPropertyAccessExpression(expression) && WRITING_METHODS.has(expression.name.text)) fn.writes = true
    }
    if (ts.isTaggedTemplateExpression(part) && WRITING_SQL.test(part.template.getText(source))) fn.writes = true
    ts.forEachChild(part, visit)
  }
  visit(node)
  fn.mentions.delete(name)
  return fn
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  )
}

function fileOf(from: string, specifier: string): string | null {
  for (const [alias, folder] of Object.entries(ALIASES)) {
    if (specifier.startsWith(alias)) return folder + specifier.slice(alias.length)
  }
  return specifier.startsWith('.') ? relative(root, join(root, dirname(from), specifier)) : null
}
