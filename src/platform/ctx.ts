import type { Actor } from './actor.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Db } from './db/connect.ts'
import type { Outbound } from './http/outbound.ts'
import type { Locale } from './i18n/locale.ts'
import type { JobQueue } from './jobs.ts'
import type { Log } from './log.ts'
import type { MailTransport } from './mail/transport.ts'
import type { Painter } from './pictures/painter.ts'
import type { RateLimiter } from './rate-limit.ts'

/** What the process has, once. */
export interface Services {
  config: Config
  db: Db
  /** Outside of any transaction under way: for what counts although everything else is taken back. One statement or short transaction at a time. */
  apart: Db
  clock: Clock
  log: Log
  jobs: JobQueue
  mail: MailTransport
  /** To addresses that somebody typed in. */
  outbound: Outbound
  rateLimiter: RateLimiter
  painter: Painter
}

/** What one request, job or command has: the services and who is acting. First argument of every command. */
export interface Ctx extends Services {
  actor: Actor
  requestId: string
  /** Address of the client, for rate limits and the list of sessions; empty for jobs. */
  clientAddress: string
  userAgent: string
  /** Language of the one who is looking. */
  locale: Locale
}

/** The same context with another actor, such as a visitor who has just signed in. */
export function actingAs(ctx: Ctx, actor: Actor): Ctx {
  return { ...ctx, actor }
}

/**
 * Whoever brought a password, a token or a new account is that person from there on, although the request began as a visitor's. For
 * events, which keep no role. The instance itself stays what it is.
 */
export function inPerson(ctx: Ctx, userId: number): Ctx {
  return ctx.actor.kind === 'system' ? ctx : actingAs(ctx, { kind: 'user', userId, role: 'member', via: 'session' })
}
