import { MOST_COMPANIONS } from '../seats/party/rules.ts'
import type { CompanionValues } from './booker.ts'

/** Texts by the names of their fields. */
export type Fields = ReadonlyMap<string, readonly string[]>

/** What a form, its values or a link bring; files are left out. */
export function fieldsIn(entries: Iterable<[name: string, value: unknown]>): Fields {
  const fields = new Map<string, string[]>()
  for (const [name, value] of entries) {
    const texts = [value].flat().filter((one) => typeof one === 'string')
    const before = fields.get(name)
    if (before) before.push(...texts)
    else if (texts.length > 0) fields.set(name, texts)
  }
  return fields
}

/** Answers, by key; their fields are named by it. */
export function answersIn(fields: Fields): Record<string, string[]> {
  const named = [...fields].filter(([name]) => name.startsWith('answers.'))
  return Object.fromEntries(named.map(([name, texts]) => [name.slice('answers.'.length), [...texts]]))
}

const OF_COMPANION = /^companions\.(\d{1,2})\.answers\.(.+)$/s

/** Who comes along. Lines that say nothing are nobody, and who follows moves up. */
export function companionsIn(fields: Fields): CompanionValues[] {
  const names = (fields.get('companion') ?? []).slice(0, MOST_COMPANIONS)
  const answers = names.map((): [key: string, texts: string[]][] => [])
  for (const [field, texts] of fields) {
    const [, at, key = ''] = OF_COMPANION.exec(field) ?? []
    answers[Number(at)]?.push([key, [...texts]])
  }
  return names
    .map((name, i) => ({ name, answers: Object.fromEntries(answers[i] ?? []) }))
    .filter((one) => [one.name, ...Object.values(one.answers).flat()].some((text) => text.trim() !== ''))
}
