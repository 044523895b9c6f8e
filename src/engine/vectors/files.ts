import { readdirSync, readFileSync } from 'node:fs'
import type { Vector } from './notation.ts'

const folder = new URL('./', import.meta.url)

/** The topics of all published vectors, one file each. */
export function topics(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/, ''))
    .toSorted()
}

/** The vectors of one topic as published. */
export function vectorsOf(topic: string): Vector[] {
  const { scenarios }: { scenarios: Vector[] } = JSON.parse(readFileSync(new URL(`${topic}.json`, folder), 'utf8'))
  return scenarios
}
