/** `npm run generate` writes the part of the client in `sdk/` that follows from the API. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openApiDocument } from '#platform/http/api/document.ts'
import { apiRoutes } from '../api.ts'
import { type ApiDocument, operationsSource } from './operations.ts'

const GENERATED = new URL('../../../sdk/src/operations.ts', import.meta.url)

/** The client asks for the newest shapes by date, so it has no types for others. */
function currentSource(): string {
  const current = apiRoutes.map((route) => ({ ...route, olderData: [] }))
  return operationsSource(openApiDocument(current, { origin: '', version: '' }) as unknown as ApiDocument)
}

export const isCurrent = () => readFileSync(GENERATED, 'utf8') === currentSource()

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(GENERATED, currentSource())
