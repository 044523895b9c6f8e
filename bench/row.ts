/** What a value was measured against, in the same run. */
export interface Control {
  readonly what: string
  readonly value: number
  readonly unit: string
}

/** One measured thing. */
export interface Row {
  readonly name: string
  readonly value: number
  /** What `value` and `budget` count: `x control`, `exponent`, `statements`, `ms CPU`, `bytes`, … */
  readonly unit: string
  /** The most that is allowed; null where there is only something to know. */
  readonly budget: number | null
  readonly control?: Control
  /** Median time of one call. */
  readonly microseconds?: number
  /** Bytes allocated by one call, the answer included. */
  readonly bytes?: number
  readonly slots?: number
  readonly note?: string
  /** All that was measured of a page. */
  readonly figures?: object
}

export interface Result {
  readonly suite: string
  readonly rows: readonly Row[]
}

export type Verdict = 'ok' | 'OVER' | ''

export function verdictOf({ value, budget }: Row): Verdict {
  if (budget === null) return ''
  return value <= budget ? 'ok' : 'OVER'
}

/** Three digits, or all of a whole number. */
export function digits(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3)
}

/** All rows as one table, suite by suite. */
export function tableOf(results: readonly Result[]): string {
  const head = ['', 'value', 'unit', 'budget', '', 'control or remark']
  const lines = results.flatMap(({ suite, rows }) => [[`${suite}:`], ...rows.map(cellsOf)])
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)))
  const rightAligned = new Set([1, 3])
  const show = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (rightAligned.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [head, ...lines].map(show).join('\n')
}

function cellsOf(row: Row): string[] {
  const { name, value, unit, budget } = row
  return [`  ${name}`, digits(value), unit, budget === null ? '' : digits(budget), verdictOf(row), remarkOf(row)]
}

function remarkOf({ control, microseconds, note }: Row): string {
  const parts = [
    microseconds !== undefined && `${digits(microseconds)} µs`,
    control && `${control.what} ${digits(control.value)} ${control.unit}`,
    note,
  ]
  return parts.filter(Boolean).join('; ')
}

export function median(values: readonly number[]): number {
  return quantile(0.5, values)
}

/** Between two values where it falls between them. */
export function quantile(share: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (low === undefined || high === undefined) throw new Error('of nothing')
  return low + (high - low) * (place % 1)
}
