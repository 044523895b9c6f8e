import { median, quantile, type Row } from './row.ts'
import type { BenchServer } from './server.ts'
import { type Message, openWire, repeat } from './wire.ts'
import { YARDSTICK_MS, yardstickNow } from './yardstick.ts'

const ROUNDS = 12

export interface Cost {
  /** Per request; more than a whole number when something else talks to the database. */
  statements: number
  /** Per request, the lower quartile of the rounds: other programs can only add to it. */
  cpuMilliseconds: number
  yardstickMilliseconds: number
}

export interface Asking {
  next: () => Message
  /** That every answer has. */
  status: number
  /** Requests before anything is measured. */
  warmUp?: number
  /** In each round. */
  requests?: number
}

/** What a request costs the server, sent one after the other over one connection, with the yardstick between the rounds. */
export async function costOf(
  server: BenchServer,
  { next, status, warmUp = 400, requests = 60 }: Asking,
): Promise<Cost> {
  const wire = await openWire(server.url)
  await repeat(wire, warmUp, next, status)
  const looking = await statementsOfLooking(server)
  const rounds: Cost[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = await server.figures()
    await repeat(wire, requests, next, status)
    const after = await server.figures()
    rounds.push({
      statements: (after.statements - before.statements - looking) / requests,
      cpuMilliseconds: ((after.cpuSeconds - before.cpuSeconds) * 1000) / requests,
      yardstickMilliseconds: yardstickNow(),
    })
  }
  wire.close()
  return {
    statements: Math.max(...rounds.map(({ statements }) => statements)),
    cpuMilliseconds: quantile(
      0.25,
      rounds.map(({ cpuMilliseconds }) => cpuMilliseconds),
    ),
    yardstickMilliseconds: median(rounds.map(({ yardstickMilliseconds }) => yardstickMilliseconds)),
  }
}

/** Reading the figures asks the database itself, for what waits to be delivered. */
async function statementsOfLooking(server: BenchServer): Promise<number> {
  const first = await server.figures()
  return (await server.figures()).statements - first.statements
}

/** The two rows of a cost. The CPU budget is meant for the machine whose yardstick it is, and scaled to this one. */
export function costRows(
  name: string,
  cost: Cost,
  budget: { statements: number; cpuMilliseconds: number | null },
): Row[] {
  const { statements, cpuMilliseconds, yardstickMilliseconds } = cost
  const scale = yardstickMilliseconds / YARDSTICK_MS
  return [
    { name: `${name}: SQL statements`, value: statements, unit: 'statements', budget: budget.statements },
    {
      name: `${name}: server CPU`,
      value: cpuMilliseconds,
      unit: 'ms CPU',
      budget: budget.cpuMilliseconds === null ? null : budget.cpuMilliseconds * scale,
      control: { what: 'yardstick', value: yardstickMilliseconds, unit: 'ms CPU' },
      ...(budget.cpuMilliseconds !== null && { note: `${budget.cpuMilliseconds} ms at ${YARDSTICK_MS}` }),
    },
  ]
}
