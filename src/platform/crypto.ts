import {
  argon2,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomUUIDv7,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'

const argon2Async = promisify(argon2)

/** OWASP's second argon2id profile: 19 MiB, 2 passes, 1 lane. About 20 ms on one core. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

/** A fresh address for something reachable without signing in: 144 random bits, 24 URL-safe characters. */
export function randomUid(): string {
  return randomBytes(18).toString('base64url')
}

/** A fresh secret for sessions, holds and keys: 256 random bits, 43 URL-safe characters. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Time-ordered id for append-only rows (RFC 9562 §5.7), made here so that PostgreSQL before 18 needs no function for it. */
export function uuidv7(): string {
  return randomUUIDv7()
}

/** What is stored of a random token. The token has 256 bits, so a plain SHA-256 is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Argon2id in PHC string format (RFC 9106). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive(password, salt)
  const { memory, passes, parallelism } = PARAMETERS
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

/**
 * Compares in equal time whether or not there is a hash to compare with: without one it derives all the same and says no.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parsed = hash === null ? null : parsePhc(hash)
  const salt = parsed?.salt ?? Buffer.alloc(16)
  const tag = await derive(password, salt)
  if (parsed === null) return false
  return tag.length === parsed.tag.length && timingSafeEqual(tag, parsed.tag)
}

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  return argon2Async('argon2id', { message: Buffer.from(password.normalize('NFKC')), nonce: salt, ...PARAMETERS })
}

function parsePhc(hash: string): { salt: Buffer; tag: Buffer } | null {
  const { memory, passes, parallelism } = PARAMETERS
  const [, algorithm, version, cost, salt, tag] = hash.split('$')
  if (algorithm !== 'argon2id' || version !== 'v=19' || cost !== `m=${memory},t=${passes},p=${parallelism}`) return null
  if (!salt || !tag) return null
  return { salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** A key for one purpose, derived from the instance's secret (RFC 5869). */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `sundial/${purpose}`, 32))
}

/** AES-256-GCM with a random nonce; the result is `v1.<nonce>.<tag>.<ciphertext>` in base64url. */
export function encrypt(key: Buffer, plain: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return ['v1', ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.')
}

/** @throws when the text was not made by `encrypt` with this key. */
export function decrypt(key: Buffer, sealed: string): string {
  const [version, nonce, tag, body] = sealed.split('.')
  if (version !== 'v1' || nonce === undefined || tag === undefined || body === undefined) throw new Error('not sealed')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
}

/**
 * As `encrypt`, for one row: sealed text that is moved to another row does not open. Names the key, so that what was sealed with
 * another one is told apart from what was tampered with. `v2.<key id>.<nonce>.<tag>.<ciphertext>`
 * @param about what it belongs to, such as `webhook:17`
 */
export function seal(key: Buffer, plain: string, about: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return ['v2', keyId(key), ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.')
}

/** @throws when the text was not made by `seal` with this key about this. */
export function unseal(key: Buffer, sealed: string, about: string): string {
  const [version, id, nonce, tag, body] = sealed.split('.')
  if (version !== 'v2' || nonce === undefined || tag === undefined || body === undefined) throw new Error('not sealed')
  if (id !== keyId(key)) throw new Error('sealed with another key')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url')).setAAD(Buffer.from(about))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
}

function keyId(key: Buffer): string {
  return createHash('sha256').update('key id').update(key).digest('hex').slice(0, 8)
}

/** HMAC-SHA-256 in base64url. */
export function sign(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
