import type pg from 'pg'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { StatementCount } from './db/connect.ts'
import type { DeliveryCount } from './deliveries.ts'

/** What an operator can watch, in the Prometheus text format. */
export interface Metrics {
  requests: Histogram<'method' | 'status'>
  contentType: string
  text(): Promise<string>
}

export interface Measured {
  statements: StatementCount
  pool: pg.Pool
  openDeliveries: () => Promise<DeliveryCount[]>
}

/** Process figures (memory, CPU, event loop), database statements and connections, requests by status, and what is not delivered. */
export function createMetrics({ statements, pool, openDeliveries }: Measured): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  let counted = 0
  new Counter({
    name: 'sundial_db_statements_total',
    help: 'Statements sent to the database for requests and jobs',
    registers,
    collect() {
      this.inc(statements.statements - counted)
      counted = statements.statements
    },
  })
  new Gauge({
    name: 'sundial_db_connections',
    help: 'Connections of the pool, by what they do',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
  new Gauge({
    name: 'sundial_deliveries_open',
    help: 'Mails and other effects that wait, are under way or have failed for good',
    labelNames: ['kind', 'state', 'reason'],
    registers,
    async collect() {
      const counts = await openDeliveries()
      this.reset()
      for (const { kind, state, reason, count } of counts) this.set({ kind, state, reason: reason ?? '' }, count)
    },
  })
  const requests = new Histogram({
    name: 'sundial_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  return { requests, contentType: registry.contentType, text: () => registry.metrics() }
}
