import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OutboundAllow, parseAllowed } from './http/addresses.ts'

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

export interface MailConfig {
  host: string
  port: number
  /** TLS from the first byte (port 465); otherwise STARTTLS is used when the server offers it. */
  secure: boolean
  user: string | null
  password: string | null
  /** Name said in EHLO; relays that check it need the public host name. */
  name: string | null
}

export interface Config {
  mode: 'development' | 'production'
  host: string
  port: number
  /** Public address of this instance, without a slash at the end. */
  url: URL
  dataDir: string
  roles: ReadonlySet<'web' | 'worker'>
  database: {
    url: string | null
    directUrl: string | null
    prepare: boolean
    poolSize: number
    skipMigrations: boolean
  }
  /** Null: no outgoing server is configured, mails wait as deliveries. */
  mail: MailConfig | null
  mailFrom: { address: string; name: string }
  /** Keep every mail in the instance itself, with a page to read them. */
  mailCatcher: boolean
  signUp: boolean
  /** People may sign in by a mailed link instead of their password. */
  signInLinks: boolean
  /** Number of reverse proxies in front whose X-Forwarded-* headers are believed. */
  trustedProxies: number
  rateLimits: boolean
  /** What this server may talk to beyond the open internet, and without TLS. */
  outboundAllow: OutboundAllow
  /** Serve /metrics; it tells nothing personal, but is nobody else's business. */
  metrics: boolean
  logLevel: string
  secret: Buffer
}

/** Everything that is wrong with the configuration, each with its fix. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.problems = problems
  }
}

type Env = Record<string, string | undefined>

/** Known examples and placeholders; none of them is a secret. */
const PUBLIC_SECRETS = new Set([
  'secret',
  'changeme',
  'change-me',
  'password',
  'sundial',
  'your-secret-key',
  'please-change-me',
])

/**
 * Reads the environment, which nothing else in the product does.
 * @throws ConfigError naming every problem at once.
 */
export function loadConfig(env: Env = process.env): Config {
  const problems: string[] = []
  const read = reader(env, problems)

  const port = read.integer('PORT', 3000, 0, 65_535)
  const dataDir = resolve(projectRoot, read.text('SUNDIAL_DATA_DIR') ?? 'data')
  const mode = read.choice('SUNDIAL_MODE', ['production', 'development'] as const, 'production')
  const config: Omit<Config, 'secret'> = {
    mode,
    host: read.text('HOST') ?? '0.0.0.0',
    port,
    url: publicUrl(read.text('SUNDIAL_URL') ?? read.text('NEXT_PUBLIC_WEBAPP_URL'), port, problems),
    dataDir,
    roles: roles(read.text('SUNDIAL_ROLES'), problems),
    database: {
      url: postgresUrl(read.text('DATABASE_URL'), 'DATABASE_URL', problems),
      directUrl: postgresUrl(read.text('DATABASE_DIRECT_URL'), 'DATABASE_DIRECT_URL', problems),
      prepare: read.flag('DATABASE_PREPARE', true),
      poolSize: read.integer('DATABASE_POOL_SIZE', 10, 2, 500),
      skipMigrations: read.flag('SKIP_DB_MIGRATIONS', false),
    },
    mail: mail(read, problems),
    mailFrom: {
      address: mailAddress(read.text('SUNDIAL_MAIL_FROM') ?? read.text('EMAIL_FROM'), problems),
      name: read.text('SUNDIAL_MAIL_FROM_NAME') ?? read.text('EMAIL_FROM_NAME') ?? 'Sundial',
    },
    mailCatcher: read.flag('SUNDIAL_MAIL_CATCHER', mode === 'development'),
    signInLinks: read.flag('SUNDIAL_SIGN_IN_LINKS', true),
    signUp: read.flag('SUNDIAL_SIGN_UP', !read.flag('NEXT_PUBLIC_DISABLE_SIGNUP', false)),
    trustedProxies: read.integer('SUNDIAL_TRUSTED_PROXIES', 0, 0, 10),
    rateLimits: read.flag('SUNDIAL_RATE_LIMITS', true),
    outboundAllow: outboundAllow(read.text('SUNDIAL_OUTBOUND_ALLOW'), problems),
    metrics: read.flag('SUNDIAL_METRICS', false),
    logLevel: read.choice('LOG_LEVEL', ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const, 'info'),
  }
  const given = givenSecret(read.text('SUNDIAL_SECRET'), problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return { ...config, secret: given ?? storedSecret(dataDir) }
}

/**
 * The key that an assistant on this machine acts with: of its one connection and not of the installation, which everything else is about.
 * @returns null without one
 * @throws ConfigError
 */
export function loadAssistantKey(env: Env = process.env): string | null {
  const problems: string[] = []
  const read = reader(env, problems)
  const key = read.text('SUNDIAL_API_KEY') ?? null
  if (problems.length > 0) throw new ConfigError(problems)
  return key
}

function reader(env: Env, problems: string[]) {
  /** `NAME_FILE` names a file that holds the value, as container secrets do. */
  function text(name: string): string | undefined {
    const file = env[`${name}_FILE`]
    if (file && env[name]) problems.push(`${name} and ${name}_FILE are both set. Keep one.`)
    if (file) {
      try {
        return readFileSync(file, 'utf8').trim() || undefined
      } catch {
        problems.push(`${name}_FILE names ${file}, which can't be read. Check the path and its permissions.`)
        return undefined
      }
    }
    return env[name]?.trim() || undefined
  }
  function integer(name: string, fallback: number, least: number, most: number): number {
    const value = text(name)
    if (value === undefined) return fallback
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    problems.push(`${name} is "${value}". Give a whole number from ${least} to ${most}.`)
    return fallback
  }
  function flag(name: string, fallback: boolean): boolean {
    const value = text(name)?.toLowerCase()
    if (value === undefined) return fallback
    if (['1', 'true', 'on', 'yes'].includes(value)) return true
    if (['0', 'false', 'off', 'no'].includes(value)) return false
    problems.push(`${name} is "${value}". Give on or off.`)
    return fallback
  }
  function choice<const T extends string>(name: string, options: readonly T[], fallback: T): T {
    const value = text(name)
    if (value === undefined) return fallback
    const found = options.find((option) => option === value)
    if (found === undefined) problems.push(`${name} is "${value}". Give one of ${options.join(', ')}.`)
    return found ?? fallback
  }
  return { text, integer, flag, choice }
}

function publicUrl(value: string | undefined, port: number, problems: string[]): URL {
  const fallback = new URL(`http://localhost:${port}`)
  if (value === undefined) return fallback
  const url = URL.parse(value)
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.username) return url
  problems.push(`SUNDIAL_URL is "${value}". Give the public address without a path, such as https://book.example.org.`)
  return fallback
}

function roles(value: string | undefined, problems: string[]): Config['roles'] {
  const names = (value ?? 'web,worker').split(',').map((name) => name.trim())
  const known = names.filter((name) => name === 'web' || name === 'worker')
  if (known.length !== names.length) {
    problems.push(`SUNDIAL_ROLES is "${value}". Give web, worker or both, separated by a comma.`)
  }
  return new Set(known)
}

function outboundAllow(value: string | undefined, problems: string[]): OutboundAllow {
  const entries = (value ?? '').split(/[\s,]+/).filter(Boolean)
  const known = entries.map(parseAllowed).filter((entry) => entry !== null)
  if (known.length !== entries.length) {
    problems.push(
      `SUNDIAL_OUTBOUND_ALLOW is "${value}". Give host names and networks separated by commas, such as 10.0.0.0/8,n8n.internal.`,
    )
  }
  return {
    hosts: known.flatMap((entry) => ('host' in entry ? [entry.host] : [])),
    networks: known.filter((entry) => 'address' in entry),
  }
}

function postgresUrl(value: string | undefined, name: string, problems: string[]): string | null {
  if (value === undefined) return null
  // Not read as a URL: an address with a socket folder (`postgresql://user@/database?host=/run/postgresql`) is none.
  if (/^postgres(ql)?:\/\/./.test(value)) return value
  problems.push(`${name} is not a PostgreSQL address. Give postgresql://user:password@host:5432/database.`)
  return null
}

function mail(read: ReturnType<typeof reader>, problems: string[]): MailConfig | null {
  const address = read.text('SUNDIAL_SMTP_URL')
  const name = read.text('SUNDIAL_SMTP_NAME') ?? null
  if (address !== undefined) {
    const url = URL.parse(address)
    if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || !url.hostname) {
      problems.push(
        'SUNDIAL_SMTP_URL is not an SMTP address. Give smtp://user:password@host:587 or smtps://user:password@host:465.',
      )
      return null
    }
    const secure = url.protocol === 'smtps:'
    return {
      host: url.hostname,
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      user: decodeURIComponent(url.username) || null,
      password: decodeURIComponent(url.password) || null,
      name,
    }
  }
  const host = read.text('EMAIL_SERVER_HOST')
  if (host === undefined) return null
  const port = read.integer('EMAIL_SERVER_PORT', 587, 1, 65_535)
  const user = read.text('EMAIL_SERVER_USER') ?? null
  return { host, port, secure: port === 465, user, password: read.text('EMAIL_SERVER_PASSWORD') ?? null, name }
}

function mailAddress(value: string | undefined, problems: string[]): string {
  if (value === undefined) return 'sundial@localhost'
  const bare = /<([^<>]+)>\s*$/.exec(value)?.[1] ?? value
  if (/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(bare)) return bare
  problems.push(`SUNDIAL_MAIL_FROM is "${value}". Give one mail address, such as booking@example.org.`)
  return 'sundial@localhost'
}

function givenSecret(value: string | undefined, problems: string[]): Buffer | null {
  if (value === undefined) return null
  if (PUBLIC_SECRETS.has(value.toLowerCase())) {
    problems.push('SUNDIAL_SECRET is a well-known example. Make one with: openssl rand -base64 32')
    return null
  }
  const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64')
  if (bytes.length === 32 && new Set(bytes).size > 8) return bytes
  problems.push(
    `SUNDIAL_SECRET must be 32 random bytes in base64 or hex, and decodes to ${bytes.length}. Make one with: openssl rand -base64 32`,
  )
  return null
}

/** The secret of an instance that was given none: made once, kept beside its data, readable by its owner only. */
function storedSecret(dataDir: string): Buffer {
  const file = join(dataDir, 'secret.key')
  mkdirSync(dataDir, { recursive: true })
  if (!existsSync(file)) {
    try {
      writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  const bytes = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (bytes.length !== 32)
    throw new ConfigError([`${file} does not hold 32 bytes in base64. Restore it from your backup.`])
  return bytes
}
