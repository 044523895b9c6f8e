import type pg from 'pg'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { StatementCount } from './db/connect.ts'

/** What an operator can watch, in the Prometheus text format. */
export interface Metrics {
  requests: Histogram<'method' | 'status'>
  contentType: string
  text(): Promise<string>
}

/** Process figures (memory, CPU, event loop), database statements and connections, and requests by status. */
export function createMetrics(statements: StatementCount, pool: pg.Pool): Metrics {
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
  const requests = new Histogram({
    name: 'sundial_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  return { requests, contentType: registry.contentType, text: () => registry.metrics() }
}
