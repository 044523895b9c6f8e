import { createHash } from 'node:crypto'
import type { openApiDocument } from '#platform/http/api/document.ts'
import { REFERENCE_STYLE } from './api-reference-style.ts'

type Document = ReturnType<typeof openApiDocument>
// biome-ignore lint/suspicious/noExplicitAny: JSON Schema and operations, as the document has them
type Json = any

/** No script, one style, nothing from elsewhere. */
export const REFERENCE_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(REFERENCE_STYLE).digest('base64')}'`,
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ')

/** The reference of the API as a page that works without a script, made of the document alone. */
export function referencePage(document: Document): string {
  const operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = document.tags.map(({ name }) => ({
    name,
    operations: operations.filter(({ operation }) => operation.tags.includes(name)),
  }))
  const anchors = ({ path, method, operation }: Listed) =>
    `<li><a href="#${operation.operationId}">${badge(method)} <span>${escaped(path.replace('/v2', ''))}</span></a></li>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(document.info.title)}</title>
<style>${REFERENCE_STYLE}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<div class="frame">
<nav aria-label="Operations">
<details open><summary>${escaped(document.info.title)}</summary>
${tags.map(({ name, operations: own }) => `<p>${escaped(name)}</p><ul>${own.map(anchors).join('')}</ul>`).join('\n')}
</details>
</nav>
<main id="content">
<h1>${escaped(document.info.title)}</h1>
${prose(document.info.description)}
<p>Server: <code>${escaped(document.servers[0]?.url ?? '')}</code> · <a href="/api/openapi.json">OpenAPI 3.1 document</a></p>
${tags.map(({ name, operations: own }) => `<h2>${escaped(name)}</h2>${own.map((one) => section(document, one)).join('\n')}`).join('\n')}
</main>
</div>
</body>
</html>
`
}

interface Listed {
  path: string
  method: string
  operation: Json
}

function section(document: Document, { path, method, operation }: Listed): string {
  const body = operation.requestBody?.content['application/json'].schema
  const [status, reply] = Object.entries<Json>(operation.responses)[0] ?? ['200', {}]
  const data = resolved(document, reply.content['application/json'].schema).properties.data
  return `<section id="${operation.operationId}" aria-labelledby="${operation.operationId}-title">
<h3 id="${operation.operationId}-title"><a href="#${operation.operationId}">${escaped(operation.summary)}</a></h3>
<p class="address">${badge(method)} <code>${escaped(path)}</code></p>
${prose(operation.description ?? '')}
<p class="soft">${accessOf(operation)}</p>
${parametersOf(operation.parameters)}
${body ? shapeOf(document, 'Body', body, operation.requestBody.required ? '' : 'may be left out', true) : ''}
${data ? shapeOf(document, 'Reply: <code>data</code>', data, status, false) : `<p class="soft">Replies with ${status} and no data.</p>`}
</section>`
}

function accessOf({ security }: Json): string {
  const scope = security.at(-1).apiKey?.[0]
  const keyed = scope ? `a key for <code>${scope}</code>` : 'any key'
  return security.length > 1 ? `Works without a key, or with ${keyed}.` : `Needs ${keyed}.`
}

function parametersOf(parameters: Json[]): string {
  const own = parameters.filter((one) => one.in !== 'header')
  if (own.length === 0) return ''
  const rows = own.map(({ name, in: where, required, description = '', schema }) =>
    row({ name, kind: `${kindOf(schema)} in ${where}`, note: required && 'required', description, depth: 0 }),
  )
  return table('Parameters', rows)
}

/** @param tellsRequired of what is sent: of a reply, all that is not said to be missing sometimes is there */
function shapeOf(document: Document, title: string, schema: Json, note: string, tellsRequired: boolean): string {
  const named = resolved(document, schema)
  const items = named.type === 'array' ? resolved(document, named.items) : named
  const rows = rowsOf(document, items, 0, tellsRequired)
  const example = items.examples?.[0]
  const list = named.type === 'array' ? 'list' : ''
  const notes = [list, note].filter(Boolean).join(', ')
  // Of a reply in several versions, the newest comes first.
  const [name] = namesOf(schema)
  return `${table(`${title}${name ? ` <code>${name}</code>` : ''}${notes ? ` <span class="soft">(${escaped(notes)})</span>` : ''}`, rows)}
${items.description ? prose(items.description) : ''}
${example === undefined ? '' : `<details><summary>Example</summary><pre tabindex="0"><code>${escaped(JSON.stringify(example, null, 2))}</code></pre></details>`}`
}

const DEEPEST = 3

function rowsOf(document: Document, schema: Json, depth: number, tellsRequired: boolean): string[] {
  return variantsOf(document, schema).flatMap((variant) =>
    Object.entries<Json>(variant.properties ?? {}).flatMap(([name, given]) => {
      const part = resolved(document, given)
      const isRequired = variant.required?.includes(name) ?? false
      const note = tellsRequired ? isRequired && 'required' : !isRequired && 'if there is any'
      const inner = part.type === 'array' ? resolved(document, part.items ?? {}) : part
      const kind = kindOf(part.type === 'array' ? { ...part, items: inner } : part)
      const description = given.description ?? part.description ?? ''
      const own = row({ name, kind, shapes: namesOf(given), note, description, depth })
      return [own, ...(depth < DEEPEST ? rowsOf(document, inner, depth + 1, tellsRequired) : [])]
    }),
  )
}

function variantsOf(document: Document, schema: Json): Json[] {
  const variants: Json[] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return variants.length === 0 ? [schema] : variants.flatMap((one) => variantsOf(document, resolved(document, one)))
}

interface Row {
  name: string
  kind: string
  shapes?: string[]
  note: string | false
  description: string
  depth: number
}

function row({ name, kind, shapes = [], note, description, depth }: Row): string {
  return `<tr><th scope="row" class="d${depth}"><code>${escaped(name)}</code>${note ? ` <span class="soft">${note}</span>` : ''}</th><td>${escaped(kind)}${shapes.length > 0 ? ` · <code>${shapes.join(' | ')}</code>` : ''}${description ? `<br><span class="soft">${inline(description)}</span>` : ''}</td></tr>`
}

function table(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? `<h4>${title}</h4>` : `<h4>${title}</h4><table><tbody>${rows.join('')}</tbody></table>`
}

function kindOf(schema: Json): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((one: unknown) => JSON.stringify(one)).join(' | ')
  if (schema.type === 'array') return `list of ${schema.items ? kindOf(schema.items) : 'anything'}`
  const variants: Json[] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (variants.length > 0) return [...new Set(variants.map(kindOf))].join(' | ')
  const type = [schema.type ?? (schema.$ref ? 'object' : 'anything')].flat().join(' | ')
  return schema.format ? `${type} (${schema.format})` : type
}

function resolved(document: Document, schema: Json): Json {
  return schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema
}

/** What a shape, or what a list is of, is called in the document, and so in clients that are made of it. */
function namesOf({ $ref, items, anyOf = [], oneOf = [] }: Json): string[] {
  if ($ref) return [$ref.split('/').at(-1)]
  return [...new Set([...(items ? [items] : []), ...anyOf, ...oneOf].flatMap(namesOf))]
}

function badge(method: string): string {
  return `<b class="method ${method}">${method.toUpperCase()}</b>`
}

/** Paragraphs, with what stands in backticks as code. */
function prose(text: string): string {
  return text
    .split(/\n\n+/)
    .filter(Boolean)
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join('\n')
}

function inline(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
